import type { MessageState } from '#model';
import { foldText } from './folded-text.js';
import { letterCode } from './letter-code.js';
import { searchText } from './search-text.js';
import { wordVector } from './word-vector.js';

/** The text of a message in the three forms that are kept of it. */
export type SearchedText = { body: string; words: string; letters: string };

/** A message as search knows it. */
export type SearchedMessage = SearchedText & {
  id: string;
  role: MessageState['role'];
  status: MessageState['streamingStatus'];
  /** It grows by deltas or chunks: the text is as of before. */
  inFlight: 'answer' | 'chunks' | null;
  seq: number;
  createdAt: string;
};

export function searchedText(message: Pick<MessageState, 'role' | 'content'>): SearchedText {
  const body = searchText(message);
  const { text } = foldText(body);
  return { body, words: wordVector(text), letters: letterCode(text) };
}
