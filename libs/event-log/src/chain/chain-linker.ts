import type { OwnConnection } from '#platform';
import { digestEvents, type DigestedEvent, type EventRange } from './chain-events.js';
import type { ChainMacs } from './chain-macs.js';
import { uuidBytes, type SealedRun } from './seal-list.js';
import type { UnsealedStream } from './unsealed-streams.js';

/** A run with the links of all its events. */
export type LinkedRun = SealedRun & { macs: Buffer };

/** A run's row stays within a few pages, and one bad link names its event among so many. */
const RUN_EVENTS = 1_000;
/** Of one seal: what a sealer and a verifier hold in memory. */
const SEAL_EVENTS = 20_000;
const SEAL_RUNS = 2_000;

/** Cuts streams into runs that go on where each one's last link is: batches of what fits into one seal. */
export function batchesOf(streams: readonly UnsealedStream[]): UnsealedRange[][] {
  const batches: UnsealedRange[][] = [];
  let [batch, events] = [[] as UnsealedRange[], 0];
  for (const stream of streams) {
    for (let from = (stream.last?.seq ?? stream.firstSeq - 1) + 1; from <= stream.head; from += RUN_EVENTS) {
      const to = Math.min(stream.head, from + RUN_EVENTS - 1);
      if (batch.length === SEAL_RUNS || events + to - from >= SEAL_EVENTS) {
        batches.push(batch);
        [batch, events] = [[], 0];
      }
      batch.push({ stream, streamId: stream.streamId, from, to });
      events += to - from + 1;
    }
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

export type UnsealedRange = EventRange & { stream: UnsealedStream };

/**
 * The links of a batch. Runs of one stream go on from one another, up to its first gap: nothing may vouch for what comes after
 * one. `gaps`: where there is one, the seq that is not there.
 */
export async function linkRuns(
  connection: OwnConnection,
  macs: ChainMacs,
  batch: readonly UnsealedRange[],
): Promise<{ runs: LinkedRun[]; gaps: { streamId: string; seq: number }[] }> {
  const found = await digestEvents(connection, batch);
  const [runs, gaps]: [LinkedRun[], { streamId: string; seq: number }[]] = [[], []];
  for (const [n, { stream, streamId, from, to }] of batch.entries()) {
    const whole = found[n]!.filter(({ seq }, index) => seq === from + index);
    const head = stream.last?.seq ?? stream.firstSeq - 1;
    if (head !== from - 1) continue;
    if (whole.length > 0) runs.push(linkRun(macs, stream, whole));
    if (whole.length < to - from + 1) gaps.push({ streamId, seq: from + whole.length });
  }
  return { runs, gaps };
}

function linkRun(macs: ChainMacs, stream: UnsealedStream, events: readonly DigestedEvent[]): LinkedRun {
  const { streamId, last, digest } = stream;
  const id = uuidBytes(streamId);
  let mac = last?.mac ?? macs.genesis(id, digest);
  const made = last ? [] : [mac];
  for (const event of events) made.push((mac = macs.link(mac, id, event.seq, event.digest)));
  const [from, to] = [events[0]!.seq, events.at(-1)!.seq];
  // where the next run of this stream goes on, in this batch or a later one
  stream.last = { seq: to, mac };
  return { streamId, from, to, mac, macs: Buffer.concat(made) };
}
