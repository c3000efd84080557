/** What a block of code or HTML ends with: lines are its own up to one that `isEnd`, which `end` is. */
type OpenBlock = { isEnd: (line: string) => boolean; end: string };

/** A line that begins a list item, at the beginning of the line. */
const listItem = /^(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;
const fenceLine = /^ {0,3}(`{3,}|~{3,})([^]*)$/;
const htmlTag = /^ {0,3}<(script|pre|style|textarea)(?:[\s>]|$)/i;
const htmlOther: { begin: RegExp; end: string }[] = [
  { begin: /^ {0,3}<!--/, end: '-->' },
  { begin: /^ {0,3}<\?/, end: '?>' },
  { begin: /^ {0,3}<!\[CDATA\[/, end: ']]>' },
  { begin: /^ {0,3}<![a-z]/i, end: '>' },
];

/**
 * A text that leaves a block of code or HTML open, an answer that was cut off in one, say, ends it: all that follows in the
 * document would belong to it else. Blocks within a list end with the list, and need nothing. The blocks are CommonMark's
 * (https://spec.commonmark.org/0.31.2/#fenced-code-blocks and #html-blocks, those that no blank line ends).
 */
export function closed(text: string): string {
  let open: OpenBlock | null = null;
  let inList = false;
  for (const line of text.split(/\r\n|[\n\r]/)) {
    if (open === null) {
      if (/^\S/.test(line)) inList = listItem.test(line);
      if (!inList) open = codeOf(line) ?? htmlOf(line);
    } else if (open.isEnd(line)) open = null;
  }
  return open === null ? text : `${text}\n${open.end}`;
}

/** What follows backticks that begin a block holds none, or they are code in a line. */
function codeOf(line: string): OpenBlock | null {
  const [, end, rest] = fenceLine.exec(line) ?? [];
  if (end === undefined || (end.startsWith('`') && rest?.includes('`'))) return null;
  const isEnd = (later: string): boolean => {
    const [, fence, behind] = fenceLine.exec(later) ?? [];
    return fence?.startsWith(end) === true && behind?.trim() === '';
  };
  return { isEnd, end };
}

/** A block of HTML may end in the line that it begins in. */
function htmlOf(line: string): OpenBlock | null {
  const tag = htmlTag.exec(line)?.[1];
  const end = tag === undefined ? htmlOther.find(({ begin }) => begin.test(line))?.end : `</${tag}>`;
  if (end === undefined) return null;
  const isEnd = (later: string): boolean =>
    tag === undefined ? later.includes(end) : /<\/(?:script|pre|style|textarea)>/i.test(later);
  return isEnd(line) ? null : { isEnd, end };
}
