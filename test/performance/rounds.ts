import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { NewEvent } from '#event-log';
import type { Database } from '#platform';
import { deltaOf, type Contestant } from './contestant.js';
import { percentile } from './percentile.js';
import { median } from './results.js';

export type Plan = { streams: number; rounds: number; roundMs: number };
export type Figures = {
  streams: number;
  contestant: string;
  deltas: number;
  /** Of each round. */
  perSecond: number[];
  p50Ms: number;
  p99Ms: number;
  walBytesPerDelta: number;
  diskBytesPerDelta: number;
};

type Round = { latencies: number[]; seconds: number; walBytes: number; diskBytes: number };

/** Every contestant's figures over all its rounds, which they play in turns, after one short round each that does not count. */
export async function runRounds(
  database: Database,
  contestants: readonly Contestant[],
  plan: Plan,
): Promise<Figures[]> {
  const done = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]));
  for (const contestant of contestants) await runRound(database, contestant, plan.streams, plan.roundMs / 4);
  for (let round = 0; round < plan.rounds; round++) {
    process.stderr.write(`${plan.streams} streams, round ${round + 1} of ${plan.rounds}\n`);
    for (const contestant of contestants)
      done.get(contestant)!.push(await runRound(database, contestant, plan.streams, plan.roundMs));
  }
  return contestants.map((contestant) => figuresOf(contestant, plan.streams, done.get(contestant)!));
}

/** The median, least and greatest of how many times as fast one was as the other, round by round. */
export function ratio(one: Figures, other: Figures): { median: number; least: number; most: number } {
  const ratios = one.perSecond.map((rate, round) => rate / other.perSecond[round]!);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

function figuresOf({ name }: Contestant, streams: number, rounds: Round[]): Figures {
  const latencies = rounds.flatMap((round) => round.latencies);
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
  return {
    streams,
    contestant: name,
    deltas: latencies.length,
    perSecond: rounds.map((round) => Math.round(round.latencies.length / round.seconds)),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    walBytesPerDelta: Math.round(sum((round) => round.walBytes) / latencies.length),
    diskBytesPerDelta: Math.round(sum((round) => round.diskBytes) / latencies.length),
  };
}

async function runRound(
  database: Database,
  contestant: Contestant,
  streams: number,
  ms: number,
): Promise<Round> {
  const ids = Array.from({ length: streams }, () => uuidv7());
  await Promise.all(ids.map((id) => contestant.open(id, started())));
  const latencies: number[] = [];
  const walBefore = await walPosition(database);
  const diskBefore = await diskBytes(database, contestant);
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
  return {
    latencies,
    seconds,
    walBytes: (await walPosition(database)) - walBefore,
    diskBytes: (await diskBytes(database, contestant)) - diskBefore,
  };
}

const started = (): NewEvent => ({
  eventId: randomUUID(),
  type: 'ConversationStarted',
  schemaVersion: 1,
  data: {},
  metadata: {},
});

async function walPosition(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: string | number }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as bytes`,
  );
  return Number(row!.bytes);
}

async function diskBytes(database: Database, contestant: Contestant): Promise<number> {
  if (contestant.diskBytes) return contestant.diskBytes();
  const [row] = await database.query<{ bytes: string | number }>(
    `select coalesce(sum(pg_total_relation_size(part.relid)), 0)::bigint as bytes
     from unnest($1::text[]) name, pg_partition_tree(name::regclass) part`,
    [contestant.tables],
  );
  return Number(row!.bytes);
}
