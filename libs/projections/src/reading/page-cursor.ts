import { createHash } from 'node:crypto';
import { CursorInvalid } from '../errors.js';

const CHECK_BYTES = 9;

/**
 * Packs a position of one list into opaque text. `list` names the list with all its filters: the cursor is good there
 * alone. The check is no secret: what a cursor reaches is filtered by tenant and owner anyway; it tells a cut, altered or
 * foreign cursor.
 */
export function encodeCursor(list: readonly unknown[], position: unknown): string {
  const payload = Buffer.from(JSON.stringify(position));
  return Buffer.concat([checkOf(list, payload), payload]).toString('base64url');
}

/** @throws CursorInvalid */
export function decodeCursor(list: readonly unknown[], cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  const payload = bytes.subarray(CHECK_BYTES);
  // several spellings decode to the same bytes: only ours counts
  const ours = bytes.toString('base64url') === cursor && bytes.length > CHECK_BYTES;
  if (!ours || !bytes.subarray(0, CHECK_BYTES).equals(checkOf(list, payload))) throw new CursorInvalid();
  return JSON.parse(payload.toString());
}

function checkOf(list: readonly unknown[], payload: Buffer): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(list)).update('\n').update(payload);
  return hash.digest().subarray(0, CHECK_BYTES);
}
