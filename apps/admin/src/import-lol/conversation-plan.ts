import type { RecordedEvent } from '#event-log';
import type { DomainEvent } from '#model';
import { LOL, type ImportMark } from './import-mark.js';
import type { LolConversation, LolMessage } from './lol-rows.js';

export type PlannedEvent = { event: DomainEvent; mark: ImportMark; messageId?: string };

/** What an import adds to a conversation, and what it leaves as it is, with the reason. */
export type ConversationPlan = {
  events: PlannedEvent[];
  added: number;
  changed: number;
  skipped: { id: string; reason: string }[];
};

/** What an earlier import took over, and what happened to it here since. */
type Known = { sha256: string; touched: boolean };

/**
 * What brings a conversation up to its rows in the LOL app. A row that came since is appended after the one before it; a row that
 * changed there is a revision here, unless somebody has changed it here too: then it is left alone, and named. Pure.
 */
export function planConversation(
  existing: readonly RecordedEvent[],
  conversation: LolConversation,
  messages: readonly LolMessage[],
  place: { projectId?: string; projectSeq?: number },
): ConversationPlan {
  const plan: ConversationPlan = { events: [], added: 0, changed: 0, skipped: [] };
  const known = knownRows(existing);
  const { id, title, at, sha256 } = conversation;
  const start = known.get(id);
  if (existing.length === 0)
    plan.events.push({
      event: { type: 'ConversationStarted', data: { title, ...place } },
      mark: { importedFrom: LOL, originalAt: at, sha256 },
    });
  else if (!start) {
    plan.skipped.push({ id, reason: 'there is another conversation of this id here' });
    return plan;
  } else if (start.sha256 !== sha256)
    plan.skipped.push({ id, reason: 'its title or project has changed in LOL since it was imported' });
  let parentId: string | null = null;
  for (const message of messages) {
    planMessage(plan, message, parentId, known.get(message.id));
    parentId = message.id;
  }
  return plan;
}

function planMessage(
  plan: ConversationPlan,
  { id, at, sha256, posted }: LolMessage,
  parentId: string | null,
  known: Known | undefined,
): void {
  const mark: ImportMark = { importedFrom: LOL, originalAt: at, sha256 };
  if (known === undefined) {
    plan.added += 1;
    const event = { type: 'MessagePosted' as const, data: { messageId: id, parentId, ...posted } };
    plan.events.push({ event, mark, messageId: id });
  } else if (known.sha256 !== sha256 && known.touched) {
    plan.skipped.push({ id, reason: 'it has changed in LOL since it was imported, and here as well' });
  } else if (known.sha256 !== sha256) {
    plan.changed += 1;
    const { content, streamingStatus, toolResult, metadata } = posted;
    const data = {
      messageId: id,
      content,
      streamingStatus,
      metadata,
      ...(toolResult !== undefined && { toolResult }),
    };
    plan.events.push({ event: { type: 'MessageEdited', data }, mark });
  }
}

/** By the id of the row; the conversation's own is that of its first event. */
function knownRows(events: readonly RecordedEvent[]): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const { streamId, type, data, metadata } of events) {
    const id = type === 'ConversationStarted' ? streamId : (data as { messageId?: string }).messageId;
    if (id === undefined) continue;
    const sha256 = metadata.importedFrom === LOL ? String(metadata.sha256) : undefined;
    const before = known.get(id);
    if (sha256 !== undefined) known.set(id, { sha256, touched: false });
    else if (before) known.set(id, { ...before, touched: true });
  }
  return known;
}
