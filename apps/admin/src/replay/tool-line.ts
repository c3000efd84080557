/** What a tool is called with, in a few words: the file or pattern that it names, else the input, cut. */
export function toolLine(name: string | null, input: unknown): string {
  const fields = input !== null && typeof input === 'object' ? (input as Record<string, unknown>) : {};
  const named = fields.file_path ?? fields.path ?? fields.pattern;
  const rest = typeof named === 'string' ? named : oneLine(JSON.stringify(input ?? {}), 60);
  return `${name ?? 'a tool'} ${rest === '{}' ? '' : rest}`.trimEnd();
}

/** A text as a part of a line. */
export function oneLine(text: string, length = 100): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
