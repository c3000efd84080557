/**
 * How each cost grows, on one database:
 *   with the events of a stream (1,000 to 1,000,000)        a delta appended, a command, the newest page, a state at a random seq
 *   with the number of streams (100 to 100,000)             a delta appended to one of them, the first page of their list
 *   with the length of an answer (100 to 100,000 characters)   a delta appended, beside a row that is rewritten: WAL and rate
 * A cost that is flat has a last column of about 1. Run on an embedded server of its own, or on BENCH_DATABASE_URL (an empty
 * database: it is migrated). BENCH_MOST_EVENTS, BENCH_MOST_STREAMS and BENCH_READS change the sizes.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { RenameConversation, type CommandContext } from '#conversations';
import { EventLog } from '#event-log';
import { Database } from '#platform';
import { ConversationQueries, MessageQueries, ProjectionRunner, Sweeper } from '#projections';
import { groupCommit } from './append-contestants.js';
import { openBenchApp, type BenchApp } from './bench-app.js';
import { deltaOf } from './contestant.js';
import { appendConversation, chatLines } from '../support/long-conversation.js';
import { withServer } from './own-server.js';
import { median, publish, rounded } from './results.js';
import { rewriteBySelect, rewriteTable, rewriteWhole } from './rewriting.js';
import { runRounds } from './rounds.js';

const mostEvents = Number(process.env.BENCH_MOST_EVENTS ?? 1_000_000);
const mostStreams = Number(process.env.BENCH_MOST_STREAMS ?? 100_000);
const reads = Number(process.env.BENCH_READS ?? 200);
const tenantId = 'bench';
const reader = { tenantId, userId: 'bench' };
const context: CommandContext = {
  principal: { ...reader, scopes: ['*'] },
  bodySha256: '0'.repeat(64),
};

type Work = () => Promise<unknown>;
/** What a cost is at each size. */
type Growth = { of: string; unit: string; sizes: number[]; costs: number[] };

async function main(url: string): Promise<void> {
  const app = await openBenchApp(url);
  try {
    const growths = [
      ...(await withEvents(app)),
      ...(await withStreams(app)),
      ...(await withLength(app.get(Database))),
    ];
    for (const sizes of new Set(growths.map((one) => one.sizes)))
      console.table(
        growths
          .filter((one) => one.sizes === sizes)
          .map(({ of, unit, costs }) => asRow(of, unit, sizes, costs)),
      );
    await publish('growth', { growths }, []);
  } finally {
    await app.close();
  }
}

async function withEvents(app: BenchApp): Promise<Growth[]> {
  const sizes = powers(1_000, mostEvents);
  const { lines } = chatLines();
  const works: Record<string, Work>[] = [];
  for (const events of sizes) {
    progress(`a conversation of ${events} events`);
    const id = await appendConversation(app.get(EventLog), { events, messages: events / 20 }, lines);
    await app.get(ProjectionRunner).project(id);
    works.push(await worksOn(app, id));
  }
  await app.vacuum();
  return inTurns('of a stream of so many events', sizes, works);
}

async function worksOn(app: BenchApp, conversationId: string): Promise<Record<string, Work>> {
  const head = await app.get(EventLog).head(conversationId);
  let titles = 0;
  return {
    'newest page': () => app.get(ConversationQueries).state(reader, conversationId, { limit: 50 }),
    // an offset is counted off, as LOL asks; the web app goes by seqs, which bench:reads measures
    'a page in the middle, by its offset': () =>
      app.get(MessageQueries).page(reader, conversationId, { limit: 50, offset: Math.floor(head / 40) }),
    'state at a random seq': () =>
      app.get(ConversationQueries).state(reader, conversationId, { at: randomInt(1, head + 1), limit: 50 }),
    'a command': () =>
      app
        .get(CommandBus)
        .execute(new RenameConversation(context, { conversationId, title: `Title ${(titles += 1)}` })),
    'a delta appended': appending(app.get(EventLog), () => conversationId),
  };
}

/** One delta at the head of a stream; others may have written there since. */
function appending(log: EventLog, pick: () => string): Work {
  return async () => {
    const streamId = pick();
    const expectedSeq = await log.head(streamId);
    await log.append({
      appends: [{ streamId, tenantId, expectedSeq, events: [deltaOf('turn', expectedSeq)] }],
    });
  };
}

async function withStreams(app: BenchApp): Promise<Growth[]> {
  const sizes = powers(100, mostStreams);
  const log = app.get(EventLog);
  const works: Record<string, Work>[] = [];
  for (const count of sizes) {
    progress(`${count} conversations of one person`);
    const ownerId = `owner of ${count}`;
    const ids = await startMany(log, ownerId, count);
    while ((await app.get(Sweeper).sweep()) > 0);
    works.push({
      'the first page of the list': () =>
        app.get(ConversationQueries).list({ tenantId, userId: ownerId }, { limit: 50 }),
      'a delta appended to one': appending(log, () => ids[randomInt(ids.length)]!),
    });
  }
  await app.vacuum();
  return inTurns('beside so many streams', sizes, works);
}

async function startMany(log: EventLog, ownerId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const create = { tenantId, ownerId, kind: 'conversation' } as const;
  const start = (streamId: string) => {
    const event = { eventId: randomUUID(), type: 'ConversationStarted', schemaVersion: 1, data: {} };
    return log.append({
      appends: [{ streamId, tenantId, expectedSeq: 0, create, events: [{ ...event, metadata: {} }] }],
    });
  };
  for (let n = 0; n < ids.length; n += 500) await Promise.all(ids.slice(n, n + 500).map(start));
  return ids;
}

async function withLength(database: Database): Promise<Growth[]> {
  await rewriteTable(database);
  const sizes = powers(100, 100_000);
  const growths = new Map<string, Growth>();
  for (const chars of sizes) {
    progress(`answers of ${chars} characters`);
    const contestants = [
      groupCommit(database, Math.round(chars / 20)),
      rewriteBySelect(database, chars),
      rewriteWhole(database, chars),
    ];
    const figures = await runRounds(database, contestants, { streams: 20, rounds: 3, roundMs: 1_000 });
    for (const { contestant, perSecond, walBytesPerDelta } of figures) {
      const costs = [
        ['WAL a delta', 'bytes', walBytesPerDelta],
        ['time a delta, 20 writers', 'µs', 1e6 / median(perSecond)],
      ] as const;
      for (const [name, unit, cost] of costs) {
        const of = `${contestant}: ${name}, answers of so many characters`;
        const growth = growths.get(of) ?? { of, unit, sizes, costs: [] };
        growth.costs.push(cost);
        growths.set(of, growth);
      }
    }
  }
  return [...growths.values()];
}

/** Every work of every size, the sizes in turns; what it takes is the median. */
async function inTurns(what: string, sizes: number[], works: Record<string, Work>[]): Promise<Growth[]> {
  const growths: Growth[] = [];
  for (const name of Object.keys(works[0]!)) {
    const times: number[][] = sizes.map(() => []);
    for (let n = -10; n < reads; n += 1) {
      for (const [i, of] of works.entries()) {
        const began = performance.now();
        await of[name]!();
        if (n >= 0) times[i]!.push(performance.now() - began);
      }
    }
    growths.push({ of: `${name}, ${what}`, unit: 'ms', sizes, costs: times.map(median) });
  }
  return growths;
}

const asRow = (cost: string, unit: string, sizes: number[], costs: number[]) => ({
  cost: `${cost} (${unit})`,
  ...Object.fromEntries(sizes.map((size, i) => [`at ${size.toLocaleString('en')}`, rounded(costs[i]!)])),
  'last to first': rounded(costs.at(-1)! / costs[0]!),
});

function powers(first: number, last: number): number[] {
  const sizes: number[] = [];
  for (let size = first; size <= last; size *= 10) sizes.push(size);
  return sizes;
}

const progress = (text: string) => process.stderr.write(`${text}\n`);

await withServer(main);
