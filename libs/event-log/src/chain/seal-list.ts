import { MAC_BYTES } from './chain-macs.js';

/** Events from `from` to `to` of a stream, and the link of the last one. */
export type SealedRun = { streamId: string; from: number; to: number; mac: Buffer };

const ENTRY_BYTES = 32 + MAC_BYTES;

/** The list that a seal covers, as it is stored: stream, from, to and last link, one after another. */
export function encodeRuns(runs: readonly SealedRun[]): Buffer {
  return Buffer.concat(
    runs.map(({ streamId, from, to, mac }) => {
      const place = Buffer.alloc(32);
      uuidBytes(streamId).copy(place);
      place.writeBigInt64BE(BigInt(from), 16);
      place.writeBigInt64BE(BigInt(to), 24);
      return Buffer.concat([place, mac]);
    }),
  );
}

/** As `encodeRuns` wrote it; null: it was not. */
export function decodeRuns(list: Buffer): SealedRun[] | null {
  if (list.length % ENTRY_BYTES !== 0) return null;
  return Array.from({ length: list.length / ENTRY_BYTES }, (_, n) => {
    const entry = list.subarray(n * ENTRY_BYTES, (n + 1) * ENTRY_BYTES);
    return {
      streamId: uuidText(entry.subarray(0, 16)),
      from: Number(entry.readBigInt64BE(16)),
      to: Number(entry.readBigInt64BE(24)),
      mac: entry.subarray(32),
    };
  });
}

export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
