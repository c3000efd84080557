import { createHash } from 'node:crypto';

export type Failure = { projection: string; eventType: string; error: string };

/** What differs from stream to stream where the fault is the same, and what it becomes; in this order. */
const particulars: [RegExp, string][] = [
  [/"(?:[^"\\]|\\.)*"/gs, '"…"'],
  [/'(?:[^'\\]|\\.)*'/gs, "'…'"],
  [/`[^`]*`/gs, '`…`'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, 'id'],
  [/\b[0-9a-f]{16,}\b/gi, 'hex'],
  [/\d+(?:[.,:]\d+)*/g, 'n'],
  [/\s+/g, ' '],
];

/** 12 hex digits that streams share which fail of the same fault: values, ids and numbers in the error do not count. */
export function fingerprintOf({ projection, eventType, error }: Failure): string {
  const fault = particulars.reduce((text, [pattern, by]) => text.replace(pattern, by), error).trim();
  return createHash('sha256')
    .update(JSON.stringify([projection, eventType, fault]))
    .digest('hex')
    .slice(0, 12);
}
