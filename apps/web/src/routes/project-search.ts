/** What the address of a chat says beside its project: `?conversation=…&message=…&at=312&diff=now`. */
export type ProjectSearch = {
  /** The conversation that is open, or one that has not begun; the newest one of the project when absent. */
  conversation?: string;
  /** The message to bring into sight. */
  message?: string;
  /** The seq that is looked at; now when absent. */
  at?: number;
  /** What `at` is compared with: now, or another seq. */
  diff?: 'now' | number;
};

/** In an address, instead of an id: the chat, or the project, that has not begun. */
export const NEW = 'new';

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : undefined;
}

function seqOf(value: unknown): number | undefined {
  const seq = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1 ? seq : undefined;
}

/** Keeps what an address may say, and drops the rest: an address is anyone's input. */
export function projectSearch(search: Record<string, unknown>): ProjectSearch {
  const { conversation, message, at, diff } = search;
  return {
    conversation: conversation === NEW ? NEW : idOf(conversation),
    message: idOf(message),
    at: seqOf(at),
    diff: diff === 'now' ? 'now' : seqOf(diff),
  };
}
