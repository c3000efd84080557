import { foldText, isUnspaced } from './folded-text.js';

/** One thing to look for: a word, or several that stand in a row. */
export type SearchTerm = {
  words: string[];
  /** The last word may go on. */
  prefix: boolean;
  /** It must not be there. */
  negated: boolean;
  /** It has no edges to go by: it is looked for inside of words. */
  inside: boolean;
};

/** Alternatives; of one all terms hold. Each has a term that must be there. */
export type SearchQuery = SearchTerm[][];

/** Why nothing can be looked for. */
export class SearchRefused extends Error {
  constructor(
    readonly code: 'nothing_to_search' | 'too_many_words',
    message: string,
  ) {
    super(message);
    this.name = 'SearchRefused';
  }
}

const MOST_WORDS = 32;

type Part = { text: string; negated: boolean; quoted: boolean };

/**
 * Reads what people type, as `websearch_to_tsquery` does: words that must all be there, "words in a row", `or`, and `-` before what
 * must not be. All else is a gap between words: nothing is a mistake. The last word may be unfinished.
 * @throws SearchRefused where no word is left, or where there are more than 32.
 */
export function parseSearch(text: string): SearchQuery {
  const parts = partsOf(text);
  const groups: SearchTerm[][] = [[]];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const isOr = !part.quoted && !part.negated && part.text.toLowerCase() === 'or';
    if (isOr && !isLast && groups.at(-1)!.length > 0) {
      groups.push([]);
      continue;
    }
    const words = foldText(part.text)
      .text.split(' ')
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    const prefix = isLast && !part.quoted && !part.negated && !/\s$/.test(text);
    groups.at(-1)!.push({ words, prefix, negated: part.negated, inside: words.some(isUnspaced) });
  }
  const query = groups.filter((group) => group.length > 0);
  if (query.length === 0 || query.some((group) => group.every(({ negated }) => negated)))
    throw new SearchRefused('nothing_to_search', 'must have a word to look for');
  if (query.flat().flatMap(({ words }) => words).length > MOST_WORDS)
    throw new SearchRefused('too_many_words', `must have at most ${MOST_WORDS} words`);
  return query;
}

/** A quote that is not closed goes on to the end. */
function partsOf(text: string): Part[] {
  return [...text.matchAll(/(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/g)].map(([, minus, quoted, plain]) => {
    // a lone minus is a word of nothing
    const negated = minus === '-' && (quoted ?? plain) !== undefined;
    return { text: quoted ?? plain ?? '', negated, quoted: quoted !== undefined };
  });
}
