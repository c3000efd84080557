/** Quotes and lists within each other that are shown as such. */
const DEEPEST = 12;

/** Markers of quotes and list items at the beginning of a line, one container each. */
const marker = /[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;

/**
 * The same Markdown with containers nested at most 12 deep on a line: the next marker is escaped and stands there as a
 * character. A parser takes one stack frame, and a page one box, for each level: 10,000 quotes would end both.
 */
export function boundNesting(markdown: string): string {
  return markdown.split('\n').map(boundLine).join('\n');
}

function boundLine(line: string): string {
  marker.lastIndex = 0;
  for (let depth = 0; marker.test(line); depth += 1) {
    if (depth < DEEPEST) continue;
    const at = line.slice(0, marker.lastIndex);
    const escaped = at.replace(/([>+*.)-])$/, '\\$1');
    return escaped + line.slice(marker.lastIndex);
  }
  return line;
}
