import { letterCode } from './letter-code.js';
import type { SearchQuery, SearchTerm } from './search-query.js';
import { cutWord } from './word-vector.js';

/** `words`: whole words, and beginnings. `letters`: whatever stands there, also inside of words. */
export type SearchMode = 'words' | 'letters';

/** Groups of three are what pg_trgm finds by; a character that is not ASCII is four letters. */
const FEWEST_LETTERS = 3;

/** Whether each alternative has something that can be found inside of words without going through all messages. */
export function canSearchLetters(query: SearchQuery): boolean {
  return query.every((group) =>
    group.some((term) => !term.negated && lettersOf(term).replaceAll(' ', '').length >= FEWEST_LETTERS),
  );
}

/** SQL that holds of the messages `m` that the query means; each value goes through `bind`. */
export function searchCondition(
  query: SearchQuery,
  mode: SearchMode,
  bind: (value: unknown) => string,
): string {
  const isInside = (term: SearchTerm) => mode === 'letters' || term.inside;
  if (!query.flat().some(isInside))
    return `m.words @@ ${bind(query.map((group) => `(${wordsQuery(group)})`).join(' | '))}::tsquery`;
  const groups = query.map((group) => {
    const byWords = group.filter((term) => !isInside(term));
    const conditions = group.filter(isInside).map((term) => {
      return `m.letters ${term.negated ? 'not like' : 'like'} ${bind(`%${lettersOf(term)}%`)}`;
    });
    if (byWords.length > 0) conditions.unshift(`m.words @@ ${bind(wordsQuery(byWords))}::tsquery`);
    return `(${conditions.join(' and ')})`;
  });
  return `(${groups.join(' or ')})`;
}

/** Words are letters, digits and marks alone, so nothing in them is to be escaped. */
function wordsQuery(terms: readonly SearchTerm[]): string {
  return terms
    .map(({ words, prefix, negated }) => {
      const row = words.map((word, i) => `'${cutWord(word)}'${prefix && i === words.length - 1 ? ':*' : ''}`);
      return `${negated ? '!' : ''}(${row.join(' <-> ')})`;
    })
    .join(' & ');
}

function lettersOf({ words }: SearchTerm): string {
  return letterCode(words.join(' '));
}
