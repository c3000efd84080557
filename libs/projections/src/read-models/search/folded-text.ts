/** What a text is looked through for: its words in lower case, without accents, one space between them. */
export type FoldedText = {
  text: string;
  /** Of each character of `text`: where it comes from in the original. */
  origins: number[];
};

/** More of a text is not looked through. */
const MOST_CHARACTERS = 200 * 1024;

/** Scripts that are written without spaces between words, or with more than a word between them; and pictures. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Regional_Indicator}ー]/u;
const noLetter = /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}]/gu;
const accents = /[\u0300-\u036f]/g;
/** Joiners, marks of direction, soft hyphens, accents, colours of skin: they part no word. */
const silent = /^[\p{Cf}\p{Variation_Selector}\p{Emoji_Modifier}\u0300-\u036f]$/u;

type Character = { kind: 'gap' | 'silent' | 'spaced' | 'unspaced'; folded: string };
const MOST_KEPT = 20_000;
const kept = new Map<number, Character>();

/** True of a word that has no edges to go by: it is found inside of others. */
export function isUnspaced(word: string): boolean {
  return unspaced.test(word);
}

/** True of what parts no word and is none: an accent of its own, a joiner. */
export function isSilent(character: string): boolean {
  return silent.test(character);
}

/**
 * The same for a message and for what is asked of it, in every database and language: no stop words and no stems, as conversations
 * mix languages, and code. Where the script changes a word ends.
 */
export function foldText(original: string): FoldedText {
  let text = '';
  const origins: number[] = [];
  let last: Character['kind'] = 'gap';
  for (let i = 0; i < original.length && text.length < MOST_CHARACTERS;) {
    const code = original.codePointAt(i)!;
    const { kind, folded } = kept.get(code) ?? noted(code);
    if (folded !== '') {
      if (kind !== last && text !== '') {
        text += ' ';
        origins.push(i);
      }
      text += folded;
      for (let n = folded.length; n > 0; n -= 1) origins.push(i);
    }
    if (kind !== 'silent') last = kind;
    i += code > 0xffff ? 2 : 1;
  }
  return { text, origins };
}

function noted(code: number): Character {
  const character = characterOf(String.fromCodePoint(code));
  if (kept.size < MOST_KEPT) kept.set(code, character);
  return character;
}

function characterOf(character: string): Character {
  if (silent.test(character)) return { kind: 'silent', folded: '' };
  // composed again: Korean syllables come apart as well, and stay what they were
  const plain = character.normalize('NFKD').toLowerCase().replace(accents, '').normalize('NFC');
  const folded = plain.replace(noLetter, '');
  if (folded === '') return { kind: 'gap', folded };
  return { kind: isUnspaced(folded) ? 'unspaced' : 'spaced', folded };
}
