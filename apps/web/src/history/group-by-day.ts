import type { Conversation } from '#contracts';
import { formatDay } from '../words/format.js';

/** Conversations of one day. */
export type DayGroup = { day: string; conversations: Conversation[] };

/** The conversations by the day that they were started on, in the order given. */
export function groupByDay(conversations: readonly Conversation[], now: Date = new Date()): DayGroup[] {
  const groups: DayGroup[] = [];
  for (const conversation of conversations) {
    const day = formatDay(conversation.createdAt, now);
    const last = groups.at(-1);
    if (last?.day === day) last.conversations.push(conversation);
    else groups.push({ day, conversations: [conversation] });
  }
  return groups;
}
