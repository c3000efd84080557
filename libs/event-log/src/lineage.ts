import type { LineageEntry, StreamInfo } from './types.js';

/** So many ancestors may serve a fork's seqs: a read that crosses all of them is still a few statements. */
export const MAX_LINEAGE = 100;

/** A part of a stream as it stands in one stream's own rows: the seqs in (low, high]. */
export type Segment = { streamId: string; low: number; high: number };

type Fork = Pick<StreamInfo, 'streamId' | 'lineage'>;

/** The seq that a fork goes on after; 0 for a stream that began by itself. */
export function seamOf({ lineage }: Pick<StreamInfo, 'lineage'>): number {
  return lineage.at(-1)?.upTo ?? 0;
}

/** Whose rows hold the stream's seqs in (after, last], oldest first. */
export function segmentsOf({ streamId, lineage }: Fork, after: number, last: number): Segment[] {
  let low = 0;
  const whole = lineage.map(({ streamId: ancestor, upTo }) => {
    const segment = { streamId: ancestor, low, high: upTo };
    low = upTo;
    return segment;
  });
  whole.push({ streamId, low, high: Number.MAX_SAFE_INTEGER });
  return whole
    .map((segment) => {
      return { ...segment, low: Math.max(segment.low, after), high: Math.min(segment.high, last) };
    })
    .filter((segment) => segment.low < segment.high);
}

/**
 * The lineage of a fork of the stream that keeps its seqs up to `at`: flat, oldest first, with rising `upTo`. A stream of
 * which nothing is kept stands in it no more, so forking a fork at an inherited seq makes it no longer.
 */
export function lineageAt(stream: Fork, at: number): LineageEntry[] {
  return segmentsOf(stream, 0, at).map(({ streamId, high }) => ({ streamId, upTo: high }));
}

/** Whether what stands at `seq` of the stream `streamId` belongs to this one: its own, or inherited. */
export function holds(stream: Fork, position: { streamId: string; seq: number }): boolean {
  if (position.streamId === stream.streamId) return true;
  return stream.lineage.some(({ streamId, upTo }) => streamId === position.streamId && position.seq <= upTo);
}
