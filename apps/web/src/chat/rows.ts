import type { Message } from '#contracts';

/** A message in the list, and where it stands in its answer. */
export type Row = {
  message: Message;
  /** The day that begins with it is named above it. */
  startsDay: boolean;
  /** The first of an answer: what can be done with the whole answer, its siblings for one, is offered there or at its end. */
  startsAnswer: boolean;
  endsAnswer: boolean;
  /** A call that follows another one: the two are one block. */
  continuesCalls: boolean;
};

const days = new WeakMap<Message, string>();

/** Its day by the clock on the wall. With each page the rows are made anew, and a date of 12,000 costs more than all the rest. */
function dayOf(message: Message): string {
  const known = days.get(message);
  if (known !== undefined) return known;
  const day = new Date(message.createdAt).toDateString();
  days.set(message, day);
  return day;
}

const isOfAnswer = ({ role }: Message): boolean => role === 'assistant' || role === 'tool';

/**
 * An answer that only calls tools has no words of its own, and its calls are rows: it is left out, unless another answer
 * stands beside it that one can step to, or something has to be said of it.
 */
export function isShown(message: Message): boolean {
  if (message.role !== 'assistant' || message.content.trim() !== '') return true;
  if (
    message.streamingStatus !== 'complete' ||
    message.siblings.count > 1 ||
    message.metadata.outcome !== undefined
  )
    return true;
  return (message.blocks ?? []).some(({ type }) => type === 'thinking');
}

function isSamePlace(a: Row, b: Row): boolean {
  return (
    a.startsDay === b.startsDay &&
    a.startsAnswer === b.startsAnswer &&
    a.endsAnswer === b.endsAnswer &&
    a.continuesCalls === b.continuesCalls
  );
}

/** What stands before and after the messages that are loaded. */
export type RowsAround = { hasOlder: boolean; hasNewer: boolean };

const nothingAround: RowsAround = { hasOlder: false, hasNewer: false };

/**
 * The messages as rows of the list. A row is the same object as before while nothing of it has changed. One whose neighbour is
 * not loaded yet is left out: how high it is depends on that neighbour, and a row that changes as a page comes in moves what
 * one reads.
 */
export function rowsOf(
  messages: readonly Message[],
  before: readonly Row[] = [],
  { hasOlder, hasNewer }: RowsAround = nothingAround,
): readonly Row[] {
  const known = new Map(before.map((row) => [row.message, row]));
  const shown = messages.filter(isShown);
  const rows = shown.map((message, index) => {
    const [previous, next] = [shown[index - 1], shown[index + 1]];
    const row: Row = {
      message,
      startsDay: previous === undefined || dayOf(previous) !== dayOf(message),
      startsAnswer: isOfAnswer(message) && (previous === undefined || !isOfAnswer(previous)),
      endsAnswer: isOfAnswer(message) && (next === undefined || !isOfAnswer(next)),
      continuesCalls: message.role === 'tool' && previous?.role === 'tool',
    };
    const same = known.get(message);
    return same && isSamePlace(same, row) ? same : row;
  });
  return rows.slice(hasOlder ? 1 : 0, hasNewer ? -1 : undefined);
}
