/**
 * What the log takes: deltas a second, the time from append to commit, and WAL bytes a delta, of
 *   group commit    EventLog.append, as the product writes deltas
 *   commit a delta  the same SQL function, one unit a call, on as many connections as the pool has
 *   bare insert     a multi-row INSERT of the same groups: no head check, no fences, no fate of units
 * at 20 and 100 streams, each with one writer that appends its next delta when the last is committed. The contestants take
 * turns in short rounds, so that a busy machine is unfair to all alike. Run on an embedded server of its own, or on
 * BENCH_DATABASE_URL (an empty database: it is migrated). BENCH_ROUND_MS and BENCH_ROUNDS change the length.
 */
import { cpus } from 'node:os';
import { Database, migrate } from '#platform';
import { bareInsert, commitPerDelta, groupCommit, type Contestant } from './append-contestants.js';
import { withServer } from './own-server.js';
import { runRounds, type Figures } from './rounds.js';

const roundMs = Number(process.env.BENCH_ROUND_MS ?? 3_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

async function main(url: string): Promise<void> {
  const database = await Database.connect({ url, poolSize: 12 });
  try {
    await migrate({ url });
    const [about] = await database.query<{ version: string }>('select version()');
    const contestants: Contestant[] = [groupCommit(database), commitPerDelta(database), bareInsert(database)];
    const figures: Figures[] = [];
    for (const streams of [20, 100]) {
      figures.push(...(await runRounds(database, contestants, { streams, rounds, roundMs })));
    }
    report(about!.version, figures);
  } finally {
    await database.end();
  }
}

function report(version: string, figures: Figures[]): void {
  const setting = {
    server: version.split(' on ')[0],
    cpus: cpus().length,
    node: process.version,
    rounds,
    roundMs,
  };
  console.table(
    figures.map(({ streams, contestant, perSecond, p50Ms, p99Ms, walBytesPerDelta }) => ({
      streams,
      contestant,
      'deltas/s': perSecond,
      'p50 ms': p50Ms,
      'p99 ms': p99Ms,
      'WAL B/delta': walBytesPerDelta,
    })),
  );
  console.log(JSON.stringify({ benchmark: 'append', ...setting, figures }));
}

await withServer(main);
