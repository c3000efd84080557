/**
 * What makes a delta durable, and at what price: deltas a second, the time to its commit, WAL and disk bytes a delta, of
 *   group commit       EventLog.append, as the product writes deltas
 *   commit a delta     the same SQL function, one unit a call
 *   bare insert × n    the limit: a multi-row INSERT of the same groups by 1, 4 or 8 connections: no head check, no fences
 *   rewrite            a message row that is rewritten by each delta, in two ways; and of messages of 2,000 deltas
 *   emmett-postgresql, message-db, durable-streams   one call a delta
 * at 20 and 100 streams, each with one writer that appends its next delta when the last is committed. All run in this process,
 * take turns in short rounds, so that a busy machine is unfair to all alike, and are compared round by round. Run on an
 * embedded server of its own, or on BENCH_DATABASE_URL (an empty database: it is migrated). BENCH_ROUND_MS and BENCH_ROUNDS
 * change the length.
 */
import { Database, migrate } from '#platform';
import { bareInsert, commitPerDelta, groupCommit } from './append-contestants.js';
import { CONNECTIONS, openRival, rivalNames, type Contestant } from './contestant.js';
import { withServer } from './own-server.js';
import { goal, median, publish, rounded, type Goal } from './results.js';
import { rewriteBySelect, rewriteTable, rewriteWhole } from './rewriting.js';
import { ratio, runRounds, type Figures } from './rounds.js';

const roundMs = Number(process.env.BENCH_ROUND_MS ?? 2_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
/** A rewritten message of 2,000 deltas costs, on average, what it costs at half of them: some 20 characters each. */
const HALF_OF_A_LONG_ANSWER = 1_000 * 20;

async function main(url: string): Promise<void> {
  const database = await Database.connect({ url, poolSize: CONNECTIONS });
  const contestants: Contestant[] = [];
  try {
    await migrate({ url });
    await rewriteTable(database);
    const [about] = await database.query<{ version: string }>('select version()');
    const server = about!.version.split(' on ')[0];
    contestants.push(
      groupCommit(database),
      commitPerDelta(database),
      ...[1, 4, 8].map((atOnce) => bareInsert(database, atOnce)),
      rewriteBySelect(database),
      rewriteWhole(database),
      ...longAnswers(database),
    );
    for (const name of rivalNames) contestants.push(await openRival(name, url));
    const figures: Figures[] = [];
    for (const streams of [20, 100])
      figures.push(
        ...(await runRounds(
          database,
          contestants.filter(({ mostStreams = Infinity }) => streams <= mostStreams),
          { streams, rounds, roundMs },
        )),
      );
    console.log(`${server}, ${rounds} rounds of ${roundMs} ms`);
    console.table(figures.map(asRow));
    await publish(
      'append',
      { server, rounds, roundMs, figures },
      goals(figures.filter(({ streams }) => streams === 100)),
    );
  } finally {
    for (const one of contestants) await one.close?.();
    await database.end();
  }
}

const longAnswers = (database: Database): Contestant[] =>
  [rewriteBySelect, rewriteWhole].map((rewrite) => {
    const one = rewrite(database, HALF_OF_A_LONG_ANSWER);
    return { ...one, name: `${one.name}, 2,000 deltas` };
  });

function goals(figures: Figures[]): Goal[] {
  const named = (name: string): Figures => {
    const found = figures.find(({ contestant }) => contestant === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found;
  };
  const ours = named('group commit');
  const times = (name: string, min: number, row = `appends at 100 streams, times ${name}`): Goal => {
    const { median: middle, least, most } = ratio(ours, named(name));
    const told = goal(row, middle, { min }, '×');
    return { ...told, measured: `${told.measured} (${rounded(least)} to ${rounded(most)})` };
  };
  const limit = figures
    .filter(({ contestant }) => contestant.startsWith('bare insert'))
    .toSorted((a, b) => median(b.perSecond) - median(a.perSecond))[0]!.contestant;
  const emmett = named('emmett-postgresql');
  return [
    times('emmett-postgresql', 20),
    times('message-db', 15),
    times('rewrite: select, update', 15),
    times('rewrite: whole text', 15),
    times('rewrite: select, update, 2,000 deltas', 20),
    times('rewrite: whole text, 2,000 deltas', 20),
    times(limit, 0.7, `appends at 100 streams, of the limit (${limit})`),
    goal('WAL a delta, of emmett', ours.walBytesPerDelta / emmett.walBytesPerDelta, { max: 0.4 }),
    goal('disk a delta, of emmett', ours.diskBytesPerDelta / emmett.diskBytesPerDelta, { max: 0.4 }),
  ];
}

const asRow = ({
  streams,
  contestant,
  perSecond,
  p50Ms,
  p99Ms,
  walBytesPerDelta,
  diskBytesPerDelta,
}: Figures) => ({
  streams,
  contestant,
  'deltas/s': median(perSecond),
  spread: `${Math.min(...perSecond)}–${Math.max(...perSecond)}`,
  'p50 ms': rounded(p50Ms),
  'p99 ms': rounded(p99Ms),
  'WAL B/delta': walBytesPerDelta,
  'disk B/delta': diskBytesPerDelta,
});

await withServer(main);
