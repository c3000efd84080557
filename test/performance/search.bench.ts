/**
 * What a search costs among 100,000 messages of which the reader may see four in five: p50 and p99 of each kind of question, with
 * the permission filter, snippets and lag, as JSON (goal: a p99 of 50 ms over all). And what the projection adds to a message.
 * Run on an embedded server of its own, or on BENCH_DATABASE_URL (an empty database: it is migrated). BENCH_MESSAGES and
 * BENCH_READS change the sizes.
 */
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { EventLog } from '#event-log';
import { Database, loadConfig, migrate, PlatformModule } from '#platform';
import { ProjectionRunner, ProjectionsModule, Searches, type SearchRequest } from '#projections';
import { chatLines } from '../support/long-conversation.js';
import { withServer } from './own-server.js';
import { percentile } from './percentile.js';
import { goal, publish } from './results.js';
import { appendCorpus, MESSAGES_A_CONVERSATION, type Corpus } from './search-corpus.js';

const messages = Number(process.env.BENCH_MESSAGES ?? 100_000);
const reads = Number(process.env.BENCH_READS ?? 200);
/** Conversations that are projected with and without search. */
const COMPARED = 40;
const reader = { tenantId: 'bench', userId: 'bench' };

type Question = () => Omit<SearchRequest, 'limit'>;

async function main(url: string): Promise<void> {
  await migrate({ url });
  const config = loadConfig({ DATABASE_URL: url });
  const app = await NestFactory.createApplicationContext(
    { module: class Bench {}, imports: [PlatformModule.register(config), ProjectionsModule] },
    { logger: false },
  );
  try {
    const { lines, source } = chatLines();
    const corpus = await appendCorpus(app.get(EventLog, { strict: false }), messages, lines);
    progress(`${messages} messages in ${corpus.streamIds.length} conversations (${source})`);
    const database = app.get(Database, { strict: false });
    const runner = app.get(ProjectionRunner, { strict: false });
    const msAMessage = await projectAll(database, runner, corpus);
    await vacuum(url);
    const searches = app.get(Searches, { strict: false });
    const figures = [];
    for (const [question, ask] of Object.entries(questions(corpus)))
      figures.push(await measure(question, ask, searches));
    await report(figures, msAMessage);
  } finally {
    await app.close();
  }
}

/** On a connection of its own: it takes longer than a statement of the service may. */
async function vacuum(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.end();
}

/** Gives the milliseconds that a message takes in all other projections, and in search besides, at the size that it has in the end. */
async function projectAll(database: Database, runner: ProjectionRunner, { streamIds }: Corpus) {
  const before = streamIds.slice(0, -COMPARED);
  const began = performance.now();
  for (const streamId of before) await runner.project(streamId);
  progress(`projected in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  // one row of the catalog tells workers what they feed; it is looked at every 5 s
  const feed = async (status: string): Promise<void> => {
    await database.query(`update projection_generations set status = $1 where projection = 'search'`, [
      status,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
  };
  const last = streamIds.slice(-COMPARED);
  const timed = async (): Promise<number> => {
    const start = performance.now();
    for (const streamId of last) await runner.project(streamId);
    return (performance.now() - start) / last.length / MESSAGES_A_CONVERSATION;
  };
  await feed('dropping');
  const others = await timed();
  await feed('live');
  return { others, search: await timed() };
}

/** As people ask: words of what there is, so that common ones are asked for more often. */
function questions({ texts, projectIds }: Corpus): Record<string, Question> {
  const words = () => texts[randomInt(texts.length)]!.match(/[a-z]{2,}/gi) ?? ['hello'];
  const word = () => words()[0];
  const row = (length: number) => {
    const all = words();
    const from = randomInt(Math.max(1, all.length - length));
    return all.slice(from, from + length).join(' ');
  };
  return {
    'a word': () => ({ q: `${row(1)} ` }),
    'two words': () => ({ q: `${row(1)} ${row(1)} ` }),
    'an unfinished word': () => ({ q: row(1).slice(0, 3) }),
    'one letter': () => ({ q: row(1).slice(0, 1) }),
    'words in a row': () => ({ q: `"${row(3)}"` }),
    'either word, without a third': () => ({ q: `${row(1)} or ${row(1)} -${word()}` }),
    'inside of words': () => ({ q: `${row(1)}${row(1)}`.slice(2, 8) }),
    'two Japanese characters': () => ({ q: ['東京', '大阪', '京都', '天気', '名古'][randomInt(5)]! }),
    nothing: () => ({ q: `zzz${randomInt(1_000_000)} ` }),
    'a word, of one project': () => ({ q: `${row(1)} `, projectId: projectIds[randomInt(20)]! }),
    'a word, of one role and time': () => ({
      q: `${row(1)} `,
      role: 'user',
      archived: false,
      from: new Date(Date.now() - 86_400_000).toISOString(),
    }),
  };
}

async function measure(question: string, ask: Question, searches: Searches) {
  const times: number[] = [];
  let hits = 0;
  for (let n = -10; n < reads; n += 1) {
    const request = ask();
    const began = performance.now();
    const page = await searches.page(reader, { ...request, limit: 20 }).catch(() => null);
    JSON.stringify(page);
    // the first ones warm up
    if (n < 0) continue;
    times.push(performance.now() - began);
    hits += page?.hits.length ?? 0;
  }
  return { question, times, hits: hits / reads };
}

async function report(
  figures: { question: string; times: number[]; hits: number }[],
  msAMessage: { others: number; search: number },
): Promise<void> {
  const all = { question: 'all of them', times: figures.flatMap(({ times }) => times), hits: 0 };
  const rows = [...figures, all].map(({ question, times, hits }) => {
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)].map((ms) => Number(ms.toFixed(2)));
    return { question, 'p50 ms': p50, 'p99 ms': p99, 'hits a page': Number(hits.toFixed(1)) };
  });
  console.table(rows);
  const { others, search } = msAMessage;
  console.log(
    `projecting a message: ${others.toFixed(2)} ms without search, and ${search.toFixed(2)} ms for search`,
  );
  await publish('search', { messages, reads, msAMessage, rows }, [
    goal(`search among ${messages} messages, p99`, percentile(all.times, 0.99), { max: 50 }, ' ms'),
  ]);
}

const progress = (text: string) => process.stderr.write(`${text}\n`);

await withServer(main);
