import { answerWith, hasToolResult, type AnswerPart, type Script } from '#assistant';
import { longAnswer } from '../../support/long-answer.js';

/**
 * A script that answers every request with these parts, as fast as they can be written; a request that brings tool results,
 * with the last word.
 */
export function saying(parts: AnswerPart[], last = 'That is done.'): Script {
  return (request) => ({ ...answerWith(hasToolResult(request) ? [{ text: last }] : parts), speed: 0 });
}

/** A script that answers with so many words, at so many a second. */
export function talking(words: number, perSecond: number): Script {
  return () => longAnswer(words, perSecond);
}
