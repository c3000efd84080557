import { types, type CustomTypesConfig } from 'pg';

const { builtins } = types;

/** A 64-bit number as a JavaScript number. @throws where it would be rounded: a silent wrong seq is worse than an error. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is larger than 2^53`);
  return value;
}

/** `2026-01-02 03:04:05.678901+00` → `2026-01-02T03:04:05.678Z`: the log's times have milliseconds. */
function isoTime(text: string): string {
  return new Date(text).toISOString();
}

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, safeInteger],
  [builtins.TIMESTAMPTZ, isoTime],
]);

/** How values arrive from PostgreSQL: int8 as number, timestamptz as ISO string (UTC, milliseconds), json parsed. */
export const wireTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(oid);
    return own ?? types.getTypeParser(oid, format);
  },
};
