import type { LoggedEvent } from '#model';
import type { Reader } from '#projections';
import { checkHistory, type History, type Violation } from './history-checker.js';
import { eventsUpTo, Oracle } from './projection-oracle.js';
import type { ProjectionProcess } from './projections.js';
import { standingOf } from './standing-oracle.js';

/** What the server's own tenant is called where nobody says who they are. */
export const LOCAL_OWNER = { tenantId: 'local', userId: 'owner' } satisfies Reader;

/** What a test knows of a conversation beside its log. */
export type Known = Pick<History, 'acked' | 'reads'>;

/** Every read model of a conversation beside the fold of all its events, and the history around it. */
export async function checkReadModels(
  process: ProjectionProcess,
  streamId: string,
  known: Known = {},
): Promise<Violation[]> {
  const seq = await process.log.head(streamId);
  const log = await eventsUpTo(process.log, streamId, seq);
  const projections = [{ name: 'state and messages', seq, ...(await bothSides(process, streamId, log)) }];
  return checkHistory({ streamId, log, projections, ...known });
}

async function bothSides(
  { conversations, messages, log }: ProjectionProcess,
  streamId: string,
  events: LoggedEvent[],
): Promise<{ rows: unknown; folded: unknown }> {
  const oracle = new Oracle(streamId, events, await log.epoch());
  const { writingId: _, ...standing } = standingOf(streamId, events);
  const ids = oracle.messageIds();
  const each: unknown[] = [];
  for (const id of ids) each.push(await messages.get(LOCAL_OWNER, id, { conversationId: streamId }));
  const state = await conversations.state(LOCAL_OWNER, streamId, { limit: 1_000 });
  return {
    rows: { state, each },
    folded: {
      state: {
        seq: events.length,
        at: events.at(-1)?.at,
        conversation: oracle.conversation(),
        messages: oracle.page(),
        ...standing,
        markers: [],
      },
      each: ids.map((id) => oracle.message(id)),
    },
  };
}
