/** Microseconds since 1970, by this machine's clock as the process saw it at its start. */
export const microseconds = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

/** A delta's text, some three words of which one says when it was written. */
export const stampedText = (): string => ` a @${microseconds()} button`;

/** When the delta with this text was written; null for any other text. */
export function stampIn(text: string): number | null {
  const at = text.indexOf(' a @');
  return at === -1 ? null : Number(text.slice(at + 4, at + 20));
}
