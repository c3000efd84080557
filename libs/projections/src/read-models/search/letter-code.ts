const DIGITS = 36;

/**
 * A folded text in letters and digits of ASCII alone, for pg_trgm: in a database of the locale C it takes nothing else for a
 * letter, and two Chinese characters, which many words are, have no group of three. Here each such character is four, a capital
 * first, so that what is found begins and ends where characters do.
 */
export function letterCode(folded: string): string {
  // oxlint-disable-next-line no-control-regex
  return folded.replace(/[^\u0000-\u007f]/gu, (character) => {
    const code = character.codePointAt(0)!;
    const rest = (code % DIGITS ** 3).toString(DIGITS).padStart(3, '0');
    return `${String.fromCharCode(65 + Math.floor(code / DIGITS ** 3))}${rest}`;
  });
}
