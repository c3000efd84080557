import { currentVersions, initialState, type LoggedEvent } from '#model';
import type { FoldJob } from '../../libs/projections/src/folding/fold-messages.js';

const ID = '018f0000-0000-7000-8000-000000000000';

/** A fold of the conversation list: a conversation that was given these titles, one after the other. */
export function renamings(...titles: string[]): FoldJob {
  const events = titles.map((title, index): LoggedEvent => {
    const type = 'ConversationRenamed';
    const at = '2026-01-01T00:00:00.000Z';
    return { seq: index + 1, type, at, schemaVersion: currentVersions[type], data: { title }, metadata: {} };
  });
  return {
    fold: 'conversations',
    context: { state: initialState(ID), current: null },
    events,
    unreadable: 'mark',
  };
}
