const literals = new Set(['true', 'false', 'null']);
const scalarEnd = /[\s,:[\]{}"]/g;

/** Position after the string that opens at `start`, or -1 when the text ends inside it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slash = end - 1;
    while (text[slash] === '\\') slash -= 1;
    if ((end - slash) % 2 === 1) return end + 1;
  }
  return -1;
}

function endOfScalar(text: string, start: number): number {
  scalarEnd.lastIndex = start;
  return scalarEnd.exec(text)?.index ?? text.length;
}

/**
 * The value of a JSON text that was cut off anywhere: a last string, number or key that is not finished is left out and
 * open brackets are closed.
 * @throws SyntaxError when the text is no beginning of a JSON value, or holds no finished part.
 */
export function parsePartialJson(text: string): unknown {
  const closers: string[] = [];
  // Everything before `kept` and the closers make a whole value.
  let kept = 0;
  let isKey = false;
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      isKey = char === '{';
      kept = at += 1;
    } else if (char === '}' || char === ']') {
      if (closers.pop() !== char) throw new SyntaxError(`unexpected ${char} at ${at}`);
      isKey = false;
      kept = at += 1;
    } else if (char === '"') {
      at = endOfString(text, at);
      if (at === -1) break;
      if (!isKey) kept = at;
    } else if (char === ',' || char === ':') {
      isKey = char === ',' && closers.at(-1) === '}';
      at += 1;
    } else if (/\s/.test(char)) {
      at += 1;
    } else {
      const end = endOfScalar(text, at);
      // More digits may follow a number that the text ends in; a whole literal is whole.
      if (end < text.length || literals.has(text.slice(at, end))) kept = end;
      at = end;
    }
  }
  return JSON.parse(text.slice(0, kept) + closers.toReversed().join(''));
}
