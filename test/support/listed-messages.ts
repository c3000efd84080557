import { foldEvents, selectedPath, type LoggedEvent } from '#model';
import type { ApiClient } from './api-client.js';
import type { ApiEvent } from './conversation-probe.js';
import type { History } from './history-checker.js';

type ShownMessage = Record<string, unknown>;
type Projection = NonNullable<History['projections']>[number];

/** What of a message is the same in the API's answer and in the fold of the log. */
export const comparableMessage = (message: ShownMessage): unknown[] => [
  message.id,
  message.role,
  message.content,
  message.streamingStatus,
  message.seq,
  message.toolResult ?? undefined,
];

/** The messages that an independent fold makes of the events, as far as a page of the API reaches. */
export function foldedMessages(id: string, log: readonly ApiEvent[]): unknown[] {
  const events = log.map((event) => ({ ...event, schemaVersion: 1 })) as unknown as LoggedEvent[];
  const path = selectedPath(foldEvents(id, events)) as unknown as ShownMessage[];
  return path.slice(0, 1000).map(comparableMessage);
}

/** The message list as the API serves it, beside an independent fold of the log: for the history checker. */
export async function listedBesideFolded(api: ApiClient, id: string, log: ApiEvent[]): Promise<Projection> {
  const listed = (await api.get(`/api/conversations/${id}/messages?limit=1000`)).json as ShownMessage[];
  const seq = log.at(-1)?.seq ?? 0;
  return { name: 'messages', seq, rows: listed.map(comparableMessage), folded: foldedMessages(id, log) };
}
