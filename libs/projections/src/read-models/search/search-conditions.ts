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
  if (!query.flat().some((term) => isInside(term) || isRow(term)))
    return `m.words @@ ${bind(query.map((group) => `(${wordsQuery(group)})`).join(' | '))}::tsquery`;
  const groups = query.map((group) => {
    const byWords = group.filter((term) => !isInside(term));
    const conditions = group.filter(isInside).map((term) => {
      return `m.letters ${term.negated ? 'not like' : 'like'} ${bind(`%${lettersOf(term)}%`)}`;
    });
    for (const term of byWords.filter(isRow))
      conditions.push(`m.letters like ${bind(`%${lettersOf(term)}%`)}`);
    if (byWords.length > 0) conditions.unshift(`m.words @@ ${bind(wordsQuery(byWords))}::tsquery`);
    return `(${conditions.join(' and ')})`;
  });
  return `(${groups.join(' or ')})`;
}

/**
 * Words in a row stand in a row in the letters too, unless one was cut. The index knows of words only that all are there, and so
 * gives far more messages to look into than have them in a row; with the letters as well it gives few others.
 */
const isRow = ({ words, negated }: SearchTerm) =>
  !negated && words.length > 1 && words.every((word) => cutWord(word) === word);

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
