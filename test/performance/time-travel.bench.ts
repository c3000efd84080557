/**
 * What a page and a moment cost in a long conversation beside a short one: the newest page, a page in the middle, the state at
 * random seqs, and the timeline; p50, p99 and their ratios (goal for pages and states: below 1.5). Both conversations have turns
 * of the same shape and take turns being read, so that a busy machine is unfair to both alike. Run on an embedded server of its
 * own, or on BENCH_DATABASE_URL (an empty database: it is migrated). BENCH_MESSAGES, BENCH_EVENTS and BENCH_READS change the sizes.
 */
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { NestFactory } from '@nestjs/core';
import { EventLog } from '#event-log';
import { Database, loadConfig, migrate, PlatformModule } from '#platform';
import { ConversationQueries, MessageQueries, ProjectionRunner, ProjectionsModule } from '#projections';
import { appendConversation, chatLines, type LongConversation } from './long-conversation.js';
import { withServer } from './own-server.js';
import { percentile } from './percentile.js';

const long: LongConversation = {
  messages: Number(process.env.BENCH_MESSAGES ?? 12_000),
  events: Number(process.env.BENCH_EVENTS ?? 1_000_000),
};
const short: LongConversation = { messages: 100, events: Math.round((long.events / long.messages) * 100) };
const reads = Number(process.env.BENCH_READS ?? 400);
const MOMENTS = 50;
const LIMIT = 50;
const reader = { tenantId: 'bench', userId: 'bench' };

type Read = () => Promise<unknown>;
type Figures = { read: string; p50: [number, number]; p99: [number, number]; ratio: [number, number] };

async function main(url: string): Promise<void> {
  await migrate({ url });
  const config = loadConfig({ DATABASE_URL: url });
  const app = await NestFactory.createApplicationContext(
    { module: class Bench {}, imports: [PlatformModule.register(config), ProjectionsModule] },
    { logger: false },
  );
  try {
    const log = app.get(EventLog, { strict: false });
    const { lines, source } = chatLines();
    const ids: string[] = [];
    for (const size of [short, long]) {
      const began = performance.now();
      const id = await appendConversation(log, size, lines);
      const appended = performance.now();
      await app.get(ProjectionRunner, { strict: false }).project(id);
      const [append, project] = [appended - began, performance.now() - appended];
      progress(
        `${size.messages} messages, ${await log.head(id)} events (${source}): appended in ${seconds(append)}, projected in ${seconds(project)}`,
      );
      ids.push(id);
    }
    await app.get(Database, { strict: false }).dataSource.query('vacuum analyze');
    const queries = {
      conversations: app.get(ConversationQueries, { strict: false }),
      messages: app.get(MessageQueries, { strict: false }),
    };
    const pairs = await Promise.all(ids.map((id, i) => readsOf(queries, log, id, i === 0 ? short : long)));
    const figures: Figures[] = [];
    for (const name of Object.keys(pairs[0]!))
      figures.push(await measure(name, pairs[0]![name]!, pairs[1]![name]!));
    report(figures);
  } finally {
    await app.close();
  }
}

type Queries = { conversations: ConversationQueries; messages: MessageQueries };

/** Each read is what a client gets: as JSON. */
async function readsOf(
  { conversations, messages }: Queries,
  log: EventLog,
  id: string,
  { messages: count }: LongConversation,
): Promise<Record<string, Read>> {
  const head = await log.head(id);
  const last = await messages.page(reader, id, { limit: 1, offset: count - 1 });
  const middle = await messages.page(reader, id, { limit: 1, offset: Math.floor(count / 2) });
  const seqs = Array.from({ length: MOMENTS }, () => randomInt(1, head + 1));
  let next = 0;
  return {
    'newest page': () => json(messages.page(reader, id, { limit: LIMIT, before: last.prev })),
    'middle page': () => json(messages.page(reader, id, { limit: LIMIT, after: middle.next })),
    [`state at ${MOMENTS} random seqs`]: () =>
      json(conversations.state(reader, id, { at: seqs[next++ % seqs.length]!, limit: LIMIT })),
    timeline: () => json(conversations.timeline(reader, id)),
  };
}

/** The two in turns. */
async function measure(read: string, ofShort: Read, ofLong: Read): Promise<Figures> {
  const times: [number[], number[]] = [[], []];
  const count = read === 'timeline' ? Math.ceil(reads / 4) : reads;
  for (let n = -20; n < count; n += 1) {
    for (const [i, one] of [ofShort, ofLong].entries()) {
      const began = performance.now();
      await one();
      // the first ones warm up
      if (n >= 0) times[i]!.push(performance.now() - began);
    }
  }
  const at = (share: number): [number, number] => [percentile(times[0], share), percentile(times[1], share)];
  const [p50, p99] = [at(0.5), at(0.99)];
  return { read, p50, p99, ratio: [p50[1] / p50[0], p99[1] / p99[0]] };
}

function report(figures: Figures[]): void {
  console.table(
    figures.map(({ read, p50, p99, ratio }) => ({
      read,
      [`p50 ms, ${short.messages}`]: ms(p50[0]),
      [`p50 ms, ${long.messages}`]: ms(p50[1]),
      'p50 ratio': ms(ratio[0]),
      [`p99 ms, ${short.messages}`]: ms(p99[0]),
      [`p99 ms, ${long.messages}`]: ms(p99[1]),
      'p99 ratio': ms(ratio[1]),
    })),
  );
  const setting = { cpus: cpus().length, node: process.version, reads, short, long };
  console.log(JSON.stringify({ benchmark: 'time-travel', ...setting, figures }));
}

const ms = (value: number) => Number(value.toFixed(2));
const json = (read: Promise<unknown>) => read.then((value) => JSON.stringify(value));
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const progress = (text: string) => process.stderr.write(`${text}\n`);

await withServer(main);
