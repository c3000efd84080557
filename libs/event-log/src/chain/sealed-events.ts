import type { OwnConnection } from '#platform';
import { STREAM_DIGEST } from './chain-digests.js';
import { digestEvents } from './chain-events.js';
import type { ChainFindings } from './chain-findings.js';
import { MAC_BYTES, type ChainMacs } from './chain-macs.js';
import { checkRun, type StoredRun } from './run-check.js';
import type { VouchedRun } from './seal-walk.js';

/** Held in memory at a time. */
const EVENTS = 20_000;
const RUNS = 2_000;

const STORED = `select case when s.stream_id is not null then ${STREAM_DIGEST} end as digest, m.macs, b.mac as before
  from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) with ordinality
    as r (stream_id, from_seq, to_seq, seal, n)
  left join streams s on s.stream_id = r.stream_id
  left join chain_runs m on m.stream_id = r.stream_id and m.from_seq = r.from_seq and m.to_seq = r.to_seq
    and m.seal = r.seal
  left join lateral (
    select substr(p.macs, length(p.macs) - ${MAC_BYTES - 1}) as mac from chain_runs p
    where p.stream_id = r.stream_id and p.from_seq < r.from_seq order by p.from_seq desc limit 1
  ) b on true
  order by r.n`;
const GOES_ON = 'select exists (select from events where stream_id = $1 and seq > $2) as yes';

/** Compares the events of runs with their links; gives how many it looked at. Runs of a stream come in their order. */
export async function checkSealedEvents(
  connection: OwnConnection,
  macs: ChainMacs,
  runs: readonly VouchedRun[],
  findings: ChainFindings,
): Promise<number> {
  let events = 0;
  for (const batch of batches(runs)) {
    for (const stored of await storedRuns(connection, batch)) {
      events += stored.events.length;
      const { streamId, seal } = stored.run;
      if (findings.has(streamId)) continue;
      const fault = checkRun(macs, stored);
      if (!fault) continue;
      const cut = fault.kind === 'missing' && !(await goesOn(connection, streamId, fault.seq!));
      const what = cut ? `event ${fault.seq} and all after it are gone` : fault.what;
      findings.add({ ...fault, kind: cut ? 'cut_off' : fault.kind, streamId, seal, what });
    }
  }
  return events;
}

async function storedRuns(connection: OwnConnection, runs: readonly VouchedRun[]): Promise<StoredRun[]> {
  const { rows } = await connection.query(STORED, [
    runs.map(({ streamId }) => streamId),
    runs.map(({ from }) => from),
    runs.map(({ to }) => to),
    runs.map(({ seal }) => seal),
  ]);
  const events = await digestEvents(connection, runs);
  return runs.map((run, n) => {
    const { macs, before, digest } = rows[n] as Record<string, Buffer | null>;
    return {
      run,
      macs: macs ?? null,
      before: before ?? null,
      streamDigest: digest ?? null,
      events: events[n]!,
    };
  });
}

async function goesOn(connection: OwnConnection, streamId: string, seq: number): Promise<boolean> {
  return (await connection.query(GOES_ON, [streamId, seq])).rows[0].yes as boolean;
}

function* batches(runs: readonly VouchedRun[]): Generator<VouchedRun[]> {
  let [batch, events] = [[] as VouchedRun[], 0];
  for (const run of runs) {
    batch.push(run);
    events += run.to - run.from + 1;
    if (events < EVENTS && batch.length < RUNS) continue;
    yield batch;
    [batch, events] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
