import { isUnspaced } from './folded-text.js';

/** PostgreSQL knows no place in a text beyond it. */
const LAST_PLACE = 16_383;
/** Kept of each word; PostgreSQL takes 255. */
const MOST_PLACES = 100;
/** Of a longer word only the beginning counts. */
const LONGEST_WORD = 200;

/** The words of a folded text that have edges, as they are looked up. */
export function cutWord(word: string): string {
  return word.slice(0, LONGEST_WORD);
}

/**
 * A folded text as the `tsvector` that PostgreSQL would print: words in the order of their bytes, each with its places. Made here,
 * not by `to_tsvector`, whose parser takes tags, addresses and paths for one word or for none, and goes by the database's locale.
 */
export function wordVector(folded: string): string {
  const places = new Map<string, number[]>();
  let place = 0;
  for (const word of folded.split(' ')) {
    place = Math.min(place + 1, LAST_PLACE);
    if (word === '' || isUnspaced(word)) continue;
    const key = cutWord(word);
    const known = places.get(key);
    if (!known) places.set(key, [place]);
    else if (known.length < MOST_PLACES && known.at(-1) !== place) known.push(place);
  }
  const words = [...places.keys()].map((word) => ({ word, bytes: Buffer.from(word) }));
  words.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return words.map(({ word }) => `'${word}':${places.get(word)!.join(',')}`).join(' ');
}
