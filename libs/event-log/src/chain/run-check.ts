import type { DigestedEvent } from './chain-events.js';
import { MAC_BYTES, type ChainMacs } from './chain-macs.js';
import type { ChainFinding } from './chain-types.js';
import { uuidBytes } from './seal-list.js';
import type { VouchedRun } from './seal-walk.js';

/** What stands in the database for a run that a seal lists. */
export type StoredRun = {
  run: VouchedRun;
  /** Its links; null: they are gone, or are another run's. */
  macs: Buffer | null;
  /** The last link of the stream's run before it; null: this is its first. */
  before: Buffer | null;
  /** Of the stream's row; null: it is gone. */
  streamDigest: Buffer | null;
  events: readonly DigestedEvent[];
};

type Fault = Pick<ChainFinding, 'kind' | 'seq' | 'what'>;

/** The first thing that is wrong with a run, or null. A seq that is not there is `missing`; the caller knows what follows it. */
export function checkRun(keys: ChainMacs, stored: StoredRun): Fault | null {
  const { run, macs, before, streamDigest, events } = stored;
  if (!streamDigest) return { kind: 'unknown_stream', seq: run.from, what: 'its row in streams is gone' };
  const start = before ?? keys.genesis(uuidBytes(run.streamId), streamDigest);
  const links = chain(keys, stored, start);
  const asSealed = links !== null && links.at(-1)!.equals(run.mac);
  const expected = links && Buffer.concat(before ? links : [start, ...links]);
  if (asSealed && macs?.equals(expected!)) return null;
  if (asSealed)
    return {
      kind: 'seal_broken',
      seq: run.from,
      what: `the links of ${run.from} to ${run.to} were removed or changed; the events are as they were sealed`,
    };
  return (macs && firstBadLink(keys, stored, macs)) ?? firstGap(run, events) ?? unlocated(run);
}

/** The links that the events give; null where one is not there. */
function chain(keys: ChainMacs, { run, events }: StoredRun, start: Buffer): Buffer[] | null {
  if (events.length !== run.to - run.from + 1) return null;
  const id = uuidBytes(run.streamId);
  let mac = start;
  return events.map(({ seq, digest }) => (mac = keys.link(mac, id, seq, digest)));
}

/** Each event against the stored links beside it, so that one bad event does not hide which it was. */
function firstBadLink(
  keys: ChainMacs,
  { run, before, streamDigest, events }: StoredRun,
  macs: Buffer,
): Fault | null {
  const id = uuidBytes(run.streamId);
  const links = Buffer.concat(before ? [before, macs] : [macs]);
  if (links.length !== (run.to - run.from + 2) * MAC_BYTES) return null;
  const linkAt = (n: number) => links.subarray(n * MAC_BYTES, (n + 1) * MAC_BYTES);
  if (!before && !linkAt(0).equals(keys.genesis(id, streamDigest!)))
    return { kind: 'altered', seq: run.from, what: "the stream's row in streams was altered" };
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  for (let seq = run.from; seq <= run.to; seq += 1) {
    const n = seq - run.from;
    const fits = ({ digest }: DigestedEvent) => keys.link(linkAt(n), id, seq, digest).equals(linkAt(n + 1));
    const event = bySeq.get(seq);
    if (!event) return gone(seq);
    if (fits(event)) continue;
    const twin = events.find((other) => other.seq !== seq && fits(other));
    if (twin) return { kind: 'swapped', seq, what: `what was event ${seq} stands at ${twin.seq}` };
    return { kind: 'altered', seq, what: `event ${seq} is not what was sealed` };
  }
  return null;
}

function firstGap({ from, to }: VouchedRun, events: readonly DigestedEvent[]): Fault | null {
  const seqs = new Set(events.map(({ seq }) => seq));
  for (let seq = from; seq <= to; seq += 1) if (!seqs.has(seq)) return gone(seq);
  return null;
}

function gone(seq: number): Fault {
  return { kind: 'missing', seq, what: `event ${seq} is gone` };
}

function unlocated({ from, to }: VouchedRun): Fault {
  const which = from === to ? `event ${from} is` : `the events ${from} to ${to} are`;
  return { kind: 'altered', seq: from, what: `${which} not what was sealed, and the links are not either` };
}
