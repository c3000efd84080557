import { copyState, deltaEventType, evolve, type ConversationState, type LoggedEvent } from '#model';
import { refuseMarker, type ProjectionFold } from '../../projection.js';
import { BranchMap, type KnownTree } from './branch-map.js';
import { samePath, type BranchPath } from './branch-path.js';
import type { InFlightKind, MessagesChanges, StoredVersion } from './message-version.js';
import { storedMessagesState } from './messages-state.js';
import { VersionLedger } from './version-ledger.js';

/** Everything that the fold of one conversation's next events needs; plain JSON. */
export type MessagesContext = {
  /** Partial: the messages that the events touch. */
  state: ConversationState;
  versions: StoredVersion[];
  tree: KnownTree;
  /** `inherited`: an ancestor's row, which stands as it is. */
  path: { path: BranchPath; validFrom: number; inherited: boolean } | null;
  /** The deltas of answers that the events cut off, and of the one in flight where its row is to grow. */
  deltas: LoggedEvent[];
};

/** Events → message rows, the tree's segments, and the selected path. */
export const messagesFold: ProjectionFold<MessagesContext, MessagesChanges> = {
  fold(context, events, options) {
    const tree = new BranchMap(context.tree);
    const ledger = new VersionLedger(context.versions, (id) => tree.placeOf(id));
    const paths = new PathLedger(context.path);
    let state = copyState(context.state);
    let onlyGrowth = true;
    for (const [event, index] of inOrder(events, context.deltas)) {
      if (index !== null) options.begin?.(index);
      const touched = touchedIds(state, event);
      state = evolve(state, event);
      refuseMarker(state, options);
      const growth = isGrowth(event);
      onlyGrowth &&= growth;
      for (const id of touched) {
        const message = state.messages[id];
        if (!message || message === ledger.current(id)) continue;
        const place = tree.add(id, message.parentId, message.seq);
        ledger.record(event.seq, message, place, inFlightKind(state, event, id), growth);
      }
      if (!growth) paths.record(event.seq, tree.pathTo(state.leafId));
    }
    const { markers } = state;
    return {
      state: storedMessagesState(state, ledger.chunking()),
      markers,
      ...ledger.changes(onlyGrowth),
      segments: tree.begun,
      paths: paths.changes(),
    };
  },
};

/** The selected path's versions: a row only where it really changes. */
class PathLedger {
  private readonly rows: MessagesChanges['paths'] = [];
  private current: { path: BranchPath; validFrom: number; stored: boolean; inherited?: boolean } | null;

  constructor(stored: MessagesContext['path']) {
    this.current = stored && { ...stored, stored: true };
  }

  record(seq: number, path: BranchPath): void {
    if (samePath(path, this.current?.path ?? [])) return;
    if (this.current && !this.current.inherited) this.rows.push({ ...this.current, validTo: seq });
    this.current = { path, validFrom: seq, stored: false };
  }

  changes(): MessagesChanges['paths'] {
    return this.current && !this.current.stored
      ? [...this.rows, { ...this.current, validTo: null }]
      : this.rows;
  }
}

/** Events and deltas merged by seq; a delta has no index of its own. */
function* inOrder(events: LoggedEvent[], deltas: LoggedEvent[]): Generator<[LoggedEvent, number | null]> {
  let next = 0;
  for (const [index, event] of events.entries()) {
    for (; next < deltas.length && deltas[next]!.seq < event.seq; next += 1) yield [deltas[next]!, null];
    yield [event, index];
  }
  for (; next < deltas.length; next += 1) yield [deltas[next]!, null];
}

function isGrowth(event: LoggedEvent): boolean {
  return event.type === deltaEventType || event.type === 'MessageChunkAppended';
}

/** The messages that the event may change: those that it names, and what is in flight in the turn that it may end. */
export function touchedIds(state: ConversationState, event: LoggedEvent): Set<string> {
  const { messageId, assistantMessageId } = (event.data ?? {}) as Record<string, unknown>;
  const open = Object.values(state.turn?.openToolCalls ?? {});
  const ids = [messageId, assistantMessageId, state.inFlight?.messageId, ...open];
  return new Set(ids.filter((id): id is string => typeof id === 'string'));
}

function inFlightKind(state: ConversationState, event: LoggedEvent, id: string): InFlightKind | null {
  if (state.inFlight?.messageId === id) return 'answer';
  return event.type === 'MessageChunkAppended' ? 'chunks' : null;
}
