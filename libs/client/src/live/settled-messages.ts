import type { Message } from '#contracts';

/**
 * The messages as they are, but that the one that is being written stays as it was when it was first shown. The very same
 * array while nothing else changes.
 */
export function settledMessages(
  before: readonly Message[],
  messages: readonly Message[],
  writingId: string | undefined,
): readonly Message[] {
  const known = new Map(writingId === undefined ? [] : before.map((message) => [message.id, message]));
  const settled = messages.map((message) => {
    const earlier = message.id === writingId ? known.get(message.id) : undefined;
    const isSame = earlier && JSON.stringify(earlier.siblings) === JSON.stringify(message.siblings);
    return isSame ? earlier : message;
  });
  const isUnchanged =
    settled.length === before.length && settled.every((message, index) => message === before[index]);
  return isUnchanged ? before : settled;
}
