/**
 * How fast the read models follow, and are made anew:
 *   catch-up   a backlog of many conversations, all projections, as a sweeper does it: events a second (goal 50,000)
 *   rebuild    of the messages projection beside the live one, nobody asking for anything meanwhile: events a second
 *              (deltas counted; goal 200,000), message rows a second (goal 6,000), and that beside COPY of what it reads to
 *              STDOUT, which nothing can read faster (goal 0.5)
 * 3 % of the events are no deltas. Run on an embedded server of its own, or on BENCH_DATABASE_URL (an empty database: it is
 * migrated). BENCH_CONVERSATIONS (default 200, of 5,000 events each) and BENCH_ROUNDS (default 5) change the size.
 */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { EventLog } from '#event-log';
import { Database } from '#platform';
import { RebuildWorker, Rebuilds, Sweeper, type Rebuild } from '#projections';
import { openBenchApp, type BenchApp } from './bench-app.js';
import { appendConversation, chatLines } from '../support/long-conversation.js';
import { withServer } from './own-server.js';
import { goal, median, publish, rounded } from './results.js';

const conversations = Number(process.env.BENCH_CONVERSATIONS ?? 200);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
/** 15 turns, each of four rows and ten events that are no deltas. */
const SIZE = { messages: 60, events: 5_000 };

/** What is copied, at how many events a second, and the seconds of COPY. */
type Round = Pick<Rebuild, 'events' | 'rows' | 'rate'> & { copySeconds: number };
const LIMIT_MS = 600_000;

async function main(url: string): Promise<void> {
  const app = await openBenchApp(url);
  try {
    const { lines } = chatLines();
    const log = app.get(EventLog);
    const catchUps: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      let events = 0;
      for (let n = 0; n < conversations / rounds; n += 1)
        events += await log.head(await appendConversation(log, SIZE, lines));
      const began = performance.now();
      while ((await app.get(Sweeper).sweep()) > 0);
      catchUps.push(events / ((performance.now() - began) / 1_000));
      progress(`catch-up ${round + 1} of ${rounds}: ${rounded(catchUps.at(-1)!)} events/s`);
    }
    await app.vacuum();
    const done: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const copySeconds = await copyOut(app);
      const { events, rows, rate } = await rebuild(app);
      done.push({ events, rows, rate, copySeconds });
      progress(`rebuild ${round + 1} of ${rounds}: ${rounded(rate)} events/s`);
    }
    const medianOf = (figure: (round: Round) => number) => median(done.map(figure));
    await publish('projection', { conversations, ...SIZE, catchUps, rebuilds: done }, [
      goal('catch-up of a backlog, all projections', median(catchUps), { min: 50_000 }, ' events/s'),
      goal(
        'rebuild of messages',
        medianOf(({ rate }) => rate),
        { min: 200_000 },
        ' events/s',
      ),
      goal(
        'rebuild of messages',
        medianOf(({ rows, events, rate }) => (rows / events) * rate),
        { min: 6_000 },
        ' message rows/s',
      ),
      goal(
        'rebuild of messages, of COPY out of what it reads',
        medianOf(({ events, rate, copySeconds }) => (copySeconds * rate) / events),
        { min: 0.5 },
        '×',
      ),
    ]);
  } finally {
    await app.close();
  }
}

/** Copied, compared, and live: what it tells of its copying. */
async function rebuild(app: BenchApp): Promise<Rebuild> {
  const rebuilds = app.get(Rebuilds);
  const { id } = await rebuilds.start({ projection: 'messages', requestedBy: 'bench' });
  const until = performance.now() + LIMIT_MS;
  while (performance.now() < until) {
    await app.get(RebuildWorker).tick();
    const now = await rebuilds.get(id);
    if (now?.status === 'done') return now;
    if (now?.status !== 'running') throw new Error(`the rebuild is ${now?.status}: ${now?.error}`);
  }
  throw new Error('the rebuild does not end');
}

/** Seconds to read the events that a rebuild reads, in the order in which it reads them. */
async function copyOut(app: BenchApp): Promise<number> {
  const client = await app.get(Database).pool.connect();
  try {
    const began = performance.now();
    const source = client.query(
      copyTo(
        `copy (select * from events where type <> 'StreamDeltaReceived' order by stream_id, seq) to stdout`,
      ),
    );
    await pipeline(source, new Writable({ write: (_chunk, _encoding, next) => next() }));
    return (performance.now() - began) / 1_000;
  } finally {
    client.release();
  }
}

const progress = (text: string) => process.stderr.write(`${text}\n`);

await withServer(main);
