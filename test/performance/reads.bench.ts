/**
 * What a page, a moment and a command cost in a long conversation beside a short one:
 *   the newest page and a page in the middle   of 100,000 messages beside 100
 *   the state at random seqs                   of 1,000,000 events beside 1,000
 *   the timeline, and a command                of 12,000 messages (1,000,000 events) beside 12, beside none
 * Both conversations of a pair have turns of the same shape and take turns being asked, so that a busy machine is unfair to both
 * alike; a round's ratio is that of its medians. Run on an embedded server of its own, or on BENCH_DATABASE_URL (an empty
 * database: it is migrated). BENCH_SCALE (default 1) makes the long ones shorter, BENCH_READS the rounds.
 */
import { randomInt } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { RenameConversation, StartConversation, type CommandContext } from '#conversations';
import { EventLog } from '#event-log';
import { ConversationQueries, MessageQueries, ProjectionRunner } from '#projections';
import { openBenchApp, type BenchApp } from './bench-app.js';
import { appendConversation, chatLines, type LongConversation } from '../support/long-conversation.js';
import { withServer } from './own-server.js';
import { percentile } from './percentile.js';
import { goal, median, publish, rounded, type Goal } from './results.js';

const scale = Number(process.env.BENCH_SCALE ?? 1);
const ROUNDS = 5;
const reads = Number(process.env.BENCH_READS ?? 100);
const LIMIT = 50;
const reader = { tenantId: 'bench', userId: 'bench' };
const context: CommandContext = {
  principal: { tenantId: 'bench', userId: 'bench', scopes: ['*'] },
  bodySha256: '0'.repeat(64),
};

type Work = () => Promise<unknown>;
type Pair = { name: string; short: Work; long: Work; goals?: { ratio: number; p99?: number } };
type Figures = Pick<Pair, 'name' | 'goals'> & {
  p50: [number, number];
  p99: [number, number];
  ratios: number[];
};

async function main(url: string): Promise<void> {
  const app = await openBenchApp(url);
  try {
    const manyMessages = { messages: 100_000 * scale, events: 550_000 * scale };
    const manyEvents = { messages: 12_000 * scale, events: 1_000_000 * scale };
    const pages = [{ messages: 100, events: 550 }, manyMessages];
    const states = [{ messages: 12, events: 1_000 }, manyEvents];
    const pageIds = await append(app, pages);
    const stateIds = await append(app, states);
    const empty = await app.get(CommandBus).execute(new StartConversation(context, {}));
    await app.vacuum();
    const pairs: Pair[] = [
      {
        ...(await both((n) => newestPage(app, pageIds[n]!, pages[n]!))),
        name: `newest page, ${pages[1]!.messages} messages beside 100`,
        goals: { ratio: 1.3, p99: 20 },
      },
      {
        ...(await both((n) => middlePage(app, pageIds[n]!, pages[n]!))),
        name: `a page in the middle, ${pages[1]!.messages} messages beside 100`,
      },
      {
        ...(await both((n) => stateAtRandom(app, stateIds[n]!))),
        name: `state at a random seq, ${states[1]!.events} events beside 1,000`,
        goals: { ratio: 1.5, p99: 50 },
      },
      {
        ...(await both(async (n) => () => json(app.get(ConversationQueries).timeline(reader, stateIds[n]!)))),
        name: `timeline, ${states[1]!.events} events beside 1,000`,
      },
      {
        short: rename(app, empty.streamId),
        long: rename(app, stateIds[1]!),
        name: `a command, ${states[1]!.messages} messages beside none`,
        goals: { ratio: 1.5 },
      },
    ];
    const figures: Figures[] = [];
    for (const pair of pairs) figures.push(await measure(pair));
    console.table(figures.map(asRow));
    await publish('reads', { scale, reads, figures }, figures.flatMap(goalsOf));
  } finally {
    await app.close();
  }
}

async function append(app: BenchApp, sizes: LongConversation[]): Promise<string[]> {
  const log = app.get(EventLog);
  const { lines, source } = chatLines();
  const ids: string[] = [];
  for (const size of sizes) {
    const began = performance.now();
    const id = await appendConversation(log, size, lines);
    const appended = performance.now();
    await app.get(ProjectionRunner).project(id);
    const [appending, projecting] = [appended - began, performance.now() - appended].map(
      (ms) => `${(ms / 1_000).toFixed(1)} s`,
    );
    process.stderr.write(
      `${size.messages} messages, ${await log.head(id)} events (${source}): appended in ${appending}, projected in ${projecting}\n`,
    );
    ids.push(id);
  }
  return ids;
}

const both = async (of: (n: 0 | 1) => Promise<Work>) => ({ short: await of(0), long: await of(1) });

async function newestPage(app: BenchApp, id: string, { messages: count }: LongConversation): Promise<Work> {
  const messages = app.get(MessageQueries);
  const last = await messages.page(reader, id, { limit: 1, offset: count - 1 });
  return () => json(messages.page(reader, id, { limit: LIMIT, before: last.prev }));
}

async function middlePage(app: BenchApp, id: string, { messages: count }: LongConversation): Promise<Work> {
  const messages = app.get(MessageQueries);
  const middle = await messages.page(reader, id, { limit: 1, offset: Math.floor(count / 2) });
  return () => json(messages.page(reader, id, { limit: LIMIT, after: middle.next }));
}

/** A seq that was not asked for before, or long ago: as a slider asks. */
async function stateAtRandom(app: BenchApp, id: string): Promise<Work> {
  const head = await app.get(EventLog).head(id);
  const conversations = app.get(ConversationQueries);
  return () => json(conversations.state(reader, id, { at: randomInt(1, head + 1), limit: LIMIT }));
}

function rename(app: BenchApp, conversationId: string): Work {
  const bus = app.get(CommandBus);
  let n = 0;
  return () => bus.execute(new RenameConversation(context, { conversationId, title: `Title ${(n += 1)}` }));
}

/** The two in turns; the first ones warm up. */
async function measure({ name, goals, short, long }: Pair): Promise<Figures> {
  const times: [number[], number[]] = [[], []];
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ofRound: [number[], number[]] = [[], []];
    for (let n = 0; n < (round === 0 ? 20 : reads); n += 1) {
      for (const [i, work] of [short, long].entries()) {
        const began = performance.now();
        await work();
        ofRound[i]!.push(performance.now() - began);
      }
    }
    if (round === 0) continue;
    ratios.push(median(ofRound[1]) / median(ofRound[0]));
    for (const i of [0, 1] as const) times[i].push(...ofRound[i]);
  }
  const at = (share: number): [number, number] => [percentile(times[0], share), percentile(times[1], share)];
  return { name, goals, p50: at(0.5), p99: at(0.99), ratios };
}

function goalsOf({ name, goals, p99, ratios }: Figures): Goal[] {
  if (!goals) return [];
  const ratio = goal(name, median(ratios), { max: goals.ratio }, '×');
  const spread = `${rounded(Math.min(...ratios))} to ${rounded(Math.max(...ratios))}`;
  return [
    { ...ratio, measured: `${ratio.measured} (${spread})` },
    ...(goals.p99 === undefined ? [] : [goal(`${name}, p99`, p99[1], { max: goals.p99 }, ' ms')]),
  ];
}

const asRow = ({ name, p50, p99, ratios }: Figures) => ({
  read: name,
  'p50 ms, short': rounded(p50[0]),
  'p50 ms, long': rounded(p50[1]),
  'p99 ms, short': rounded(p99[0]),
  'p99 ms, long': rounded(p99[1]),
  'ratio of medians': rounded(median(ratios)),
});

/** What a client gets is JSON. */
const json = (read: Promise<unknown>) => read.then((value) => JSON.stringify(value));

await withServer(main);
