import type { MessageState } from '#model';

/** Kept of a message, in bytes of UTF-8. */
export const SEARCH_TEXT_BYTES = 200 * 1024;

/** In the JSON of a tool's input a line break is a backslash and a letter, which would be read on into the next word. */
const escapes = /\\(?:[bfnrt"\\/]|u[0-9a-f]{4})/gi;

/**
 * What a message is found by: what a person reads; of a tool call its input. Half pairs and U+0000, which PostgreSQL takes in no
 * text, become U+FFFD. The text of a text is itself, so that what is appended to one gives the text of both.
 */
export function searchText({ role, content }: Pick<MessageState, 'role' | 'content'>): string {
  const text = role === 'tool' ? content.replace(escapes, ' ') : content;
  // oxlint-disable-next-line no-control-regex
  return cutTo(SEARCH_TEXT_BYTES, text.replace(/[\u0000\p{Surrogate}]/gu, '\ufffd').normalize('NFC'));
}

/** Never through a character. */
function cutTo(bytes: number, text: string): string {
  if (text.length * 3 <= bytes) return text;
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let end = bytes;
  while ((all[end]! & 0xc0) === 0x80) end -= 1;
  return all.toString('utf8', 0, end);
}
