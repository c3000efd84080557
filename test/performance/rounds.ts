import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { NewEvent } from '#event-log';
import type { Database } from '#platform';
import type { Contestant } from './append-contestants.js';

export type Plan = { streams: number; rounds: number; roundMs: number };
export type Figures = {
  streams: number;
  contestant: string;
  deltas: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  walBytesPerDelta: number;
};

type Round = { latencies: number[]; seconds: number; walBytes: number };

/** Every contestant's figures over all its rounds, after one short round each that does not count. */
export async function runRounds(
  database: Database,
  contestants: Contestant[],
  plan: Plan,
): Promise<Figures[]> {
  const done = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]));
  for (const contestant of contestants) await runRound(database, contestant, plan.streams, plan.roundMs / 6);
  for (let round = 0; round < plan.rounds; round++) {
    for (const contestant of contestants) {
      process.stderr.write(
        `${plan.streams} streams, round ${round + 1} of ${plan.rounds}: ${contestant.name}\n`,
      );
      done.get(contestant)!.push(await runRound(database, contestant, plan.streams, plan.roundMs));
    }
  }
  return contestants.map((contestant) => figuresOf(contestant, plan.streams, done.get(contestant)!));
}

function figuresOf({ name }: Contestant, streams: number, rounds: Round[]): Figures {
  const latencies = rounds.flatMap((round) => round.latencies).toSorted((a, b) => a - b);
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
  const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2));
  return {
    streams,
    contestant: name,
    deltas: latencies.length,
    perSecond: Math.round(latencies.length / sum((round) => round.seconds)),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    walBytesPerDelta: Math.round(sum((round) => round.walBytes) / latencies.length),
  };
}

async function runRound(
  database: Database,
  contestant: Contestant,
  streams: number,
  ms: number,
): Promise<Round> {
  const ids = Array.from({ length: streams }, () => uuidv7());
  await Promise.all(ids.map((id) => contestant.open(id)));
  const latencies: number[] = [];
  const walBefore = await walPosition(database);
  const start = performance.now();
  const write = async (streamId: string) => {
    const turnId = uuidv7();
    for (let seq = 2; performance.now() < start + ms; seq++) {
      const asked = performance.now();
      await contestant.append(streamId, seq, deltaOf(turnId, seq));
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(ids.map(write));
  const seconds = (performance.now() - start) / 1_000;
  return { latencies, seconds, walBytes: (await walPosition(database)) - walBefore };
}

/** As Claude streams text: some three words a delta. */
function deltaOf(turnId: string, seq: number): NewEvent {
  const data = {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: ` a button "${seq}" that` },
  };
  return { eventId: randomUUID(), type: 'StreamDeltaReceived', schemaVersion: 1, data, metadata: { turnId } };
}

async function walPosition(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: string | number }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as bytes`,
  );
  return Number(row!.bytes);
}
