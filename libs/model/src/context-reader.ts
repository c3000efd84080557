import { isContextLoaded, type RequestSettings } from './context.js';
import { terminalEventTypes, type LoggedEvent } from './events.js';
import { foldEvents } from './evolve.js';
import { isRecord } from './json.js';
import { pathTo } from './message-tree.js';
import type { ConversationState } from './state.js';

/** How a context is read from the log. */
export type ContextSource = {
  /** The newest events before `seq`, at most `limit`, newest first, without deltas. */
  before(seq: number, limit: number): Promise<LoggedEvent[]>;
  /** The deltas with `fromSeq` <= seq <= `toSeq`, oldest first. */
  deltas(fromSeq: number, toSeq: number): Promise<LoggedEvent[]>;
};

/** Enough for most contexts at once. */
const FIRST_PAGE = 250;
const ends = new Set<string>([...terminalEventTypes, 'AssistantMessageStarted']);

function messageIdOf(event: LoggedEvent): unknown {
  return isRecord(event.data) ? event.data.messageId : undefined;
}

/** Where the deltas of the answers stand that have no `AssistantMessageCompleted`: their text is nowhere else. */
function rangesOfPartialAnswers(
  state: ConversationState,
  tipId: string,
  events: readonly LoggedEvent[],
): { fromSeq: number; toSeq: number }[] {
  const onPath = new Set<unknown>(pathTo(state, tipId).map(({ id }) => id));
  const completed = new Set(
    events.filter(({ type }) => type === 'AssistantMessageCompleted').map((event) => messageIdOf(event)),
  );
  return events.flatMap((event, at) => {
    if (event.type !== 'AssistantMessageStarted') return [];
    const id = messageIdOf(event);
    if (!onPath.has(id) || completed.has(id)) return [];
    const end = events.find(({ type }, index) => index > at && ends.has(type));
    const toSeq = end ? end.seq - 1 : state.seq;
    return toSeq > event.seq ? [{ fromSeq: event.seq + 1, toSeq }] : [];
  });
}

/**
 * The state at `seq`, with as much of the log as the request for `tipId` needs and no more: `buildRequest` makes the same
 * request of it as of the full state. Reads backwards in growing pages, so a conversation of any length costs its
 * context, and every event is folded at most about three times.
 */
export async function readContext(
  source: ContextSource,
  at: { conversationId: string; seq: number; tipId: string },
  settings: RequestSettings,
  firstPage = FIRST_PAGE,
): Promise<ConversationState> {
  const { conversationId, seq, tipId } = at;
  let events: LoggedEvent[] = [];
  for (let limit = firstPage; ; limit *= 2) {
    const page = await source.before(events[0]?.seq ?? seq + 1, limit);
    events = [...page.toReversed(), ...events];
    const state = atSeq(foldEvents(conversationId, events), seq);
    const atBeginning = page.length === 0 || events[0]?.seq === 1;
    if (!atBeginning && !isContextLoaded(state, tipId, settings)) continue;
    const ranges = rangesOfPartialAnswers(state, tipId, events);
    if (ranges.length === 0) return state;
    const deltas: LoggedEvent[][] = [];
    for (const { fromSeq, toSeq } of ranges) deltas.push(await source.deltas(fromSeq, toSeq));
    const all = [...events, ...deltas.flat()].toSorted((a, b) => a.seq - b.seq);
    return atSeq(foldEvents(conversationId, all), seq);
  }
}

/** The last event before `seq` may be a delta that was not read. */
function atSeq(state: ConversationState, seq: number): ConversationState {
  return { ...state, seq };
}
