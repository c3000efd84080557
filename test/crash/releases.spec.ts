import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import type { Message } from '#contracts';
import type { Rebuild } from '#projections';
import { ApiClient } from '../support/api-client.js';
import { CrashDrill } from '../support/crash-drill.js';
import { drillEnv } from '../support/drill-env.js';
import { freePort } from '../support/free-port.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { projectionProcess, type ProjectionProcess } from '../support/projections.js';
import { ReadChecker } from '../support/read-checker.js';
import { makeRelease, type Release } from '../support/release.js';
import type { TestServer } from '../support/server.js';

const LIB = 'dist/libs/projections/src';

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(file, text.replace(from, to));
}

/** README's recipe for a new projection, compiled: one file, and one line in the list. */
async function withWordCounts(root: string): Promise<void> {
  await writeFile(
    join(root, LIB, 'documents/word-counts.document.js'),
    `export const wordCounts = {
       name: 'word-counts', version: 1, kind: 'conversation', initial: { messages: 0, words: 0 },
       evolve(state, { type, data }) {
         if (type !== 'MessagePosted') return state;
         const text = data.content.map((block) => block.text ?? '').join(' ');
         return { messages: state.messages + 1, words: state.words + text.split(/\\s+/).filter(Boolean).length };
       },
       documents: (state) => ({ total: state }),
     };`,
  );
  await edit(
    join(root, LIB, 'documents/document-projections.js'),
    'documentDefinitions = []',
    'documentDefinitions = [wordCounts]',
  );
  const list = join(root, LIB, 'documents/document-projections.js');
  await writeFile(
    list,
    `import { wordCounts } from './word-counts.document.js';\n${await readFile(list, 'utf8')}`,
  );
}

/** README's recipe for another version: version 2 of the messages marks what people wrote. Version 1 stays registered. */
async function withMessages2(root: string): Promise<void> {
  const folder = join(root, LIB, 'read-models/messages');
  await writeFile(
    join(folder, 'messages-2.fold.js'),
    `import { messagesFold } from './messages.fold.js';
     const marked = (version) => version.message.role !== 'user' ? version
       : { ...version, message: { ...version.message, metadata: { ...version.message.metadata, marked: true } } };
     export const messages2Fold = {
       fold(context, events, options) {
         const changes = messagesFold.fold(context, events, options);
         return { ...changes, inserted: changes.inserted.map(marked), grown: changes.grown.map(marked) };
       },
     };`,
  );
  await writeFile(
    join(folder, 'messages-2.projection.js'),
    `import { MessagesProjection } from './messages.projection.js';
     export class Messages2Projection extends MessagesProjection {
       constructor(...parts) { super(...parts); this.version = 2; this.foldName = 'messages@2'; }
     }`,
  );
  const classes = join(root, LIB, 'registered-projections.js');
  await edit(classes, 'MessagesProjection,\n', 'MessagesProjection,\n    Messages2Projection,\n');
  await writeFile(
    classes,
    `import { Messages2Projection } from './read-models/messages/messages-2.projection.js';\n${await readFile(classes, 'utf8')}`,
  );
  const folds = join(root, LIB, 'folding/folds.js');
  await edit(folds, 'messages: messagesFold,', `messages: messagesFold,\n    'messages@2': messages2Fold,`);
  await writeFile(
    folds,
    `import { messages2Fold } from '../read-models/messages/messages-2.fold.js';\n${await readFile(folds, 'utf8')}`,
  );
}

const unmarked = (message: Message): Message => {
  const { marked: _marked, ...metadata } = message.metadata ?? {};
  return { ...message, metadata };
};

const isMarked = ({ metadata }: Message): boolean => metadata?.marked === true;

async function until<T>(ask: () => Promise<T | null | undefined | false>, what: string): Promise<T> {
  for (const end = Date.now() + 150_000; Date.now() < end; await pause(100)) {
    const found = await ask();
    if (found) return found;
  }
  throw new Error(`not within two and a half minutes: ${what}`);
}

describe('two releases that run at once', () => {
  const prng = createPrng('releases');
  let mode: TestMode;
  let model: ScriptedModel;
  let env: Record<string, string | undefined>;
  let here: ProjectionProcess;
  let releases: Release[];
  let old: TestServer;
  let next: TestServer | undefined;

  beforeEach(async () => {
    Logger.overrideLogger(['error']);
    mode = await startMode();
    model = await startScriptedModel({ script: () => longAnswer(40, 60) });
    env = await drillEnv(mode.env, model);
    here = await projectionProcess(mode.databaseUrl);
    releases = [await makeRelease('old')];
    old = await releases[0]!.start({ env });
  }, 120_000);
  afterEach(async () => {
    await next?.stop();
    await old?.stop();
    await model?.close();
    await here?.close();
    await mode?.stop();
    for (const release of releases) await release.remove();
  }, 60_000);

  async function startNext(change: (root: string) => Promise<void>): Promise<TestServer> {
    const release = await makeRelease('next', change);
    releases.push(release);
    next = await release.start({ env: { ...env, PORT: String(await freePort()) } });
    return next;
  }

  it('a new projection, in one file and one line, is picked up and built without a stop', async () => {
    const drill = new CrashDrill(() => old.url, prng);
    await drill.start(6);
    const checker = new ReadChecker(
      () => old.url,
      here.log,
      () => drill.watched.map(({ id }) => id),
      prng,
    );
    checker.start(1, 50);
    await pause(2_000);
    await startNext(withWordCounts);
    await until(async () => {
      const rows = await here.database.query(
        `select 1 from projection_generations where projection = 'word-counts' and status = 'live'`,
      );
      return rows.length === 1;
    }, 'word-counts is live');
    await pause(2_000);
    await checker.stop();
    expect(checker.wrong).toEqual([]);
    expect(checker.refused).toBe(0);
    expect(await drill.settle(new Map())).toEqual([]);
    const counted = () =>
      here.database.query<{ id: string; messages: number; words: number }>(
        `select stream_id as id, (value ->> 'messages')::integer as messages, (value ->> 'words')::integer as words
         from documents_word_counts where key = 'total' order by stream_id`,
      );
    const expected = await here.database.query<{ id: string; messages: number; words: number }>(
      `select stream_id as id, count(*)::integer as messages,
         sum(array_length(regexp_split_to_array(trim(data -> 'content' -> 0 ->> 'text'), '\\s+'), 1))::integer as words
       from events where type = 'MessagePosted' group by stream_id order by stream_id`,
    );
    await until(
      async () => JSON.stringify(await counted()) === JSON.stringify(expected),
      'word-counts are right',
    );
    expect(expected).toHaveLength(6);
    process.stderr.write(
      `word-counts of ${expected.length} conversations built beside ${checker.reads} reads, ${checker.wrong.length} wrong\n`,
    );
  }, 180_000);

  it('another version of a projection is rolled out and back, and no read of either is wrong', async () => {
    const drill = new CrashDrill(() => old.url, prng);
    await drill.start(6);
    const ids = () => drill.watched.map(({ id }) => id);
    const server = await startNext(withMessages2);
    const ofOld = new ReadChecker(() => old.url, here.log, ids, prng);
    const marks = { all: 0, none: 0, mixed: 0 };
    const ofNext = new ReadChecker(
      () => server.url,
      here.log,
      ids,
      prng,
      unmarked,
      (messages) => {
        const people = messages.filter(({ role }) => role === 'user');
        if (people.length === 0) return;
        const found = people.filter(isMarked).length;
        marks[found === 0 ? 'none' : found === people.length ? 'all' : 'mixed'] += 1;
      },
    );
    ofOld.start(1, 40);
    ofNext.start(1, 40);
    await pause(2_000);
    const api = new ApiClient(server.url);
    const started = await api.post('/api/admin/projections/messages/rebuild', {});
    expect(started.status).toBe(202);
    const { id } = started.json as Rebuild;
    const rebuild = async () => (await api.get(`/api/admin/rebuilds/${id}`)).json as Rebuild;
    const waiting = await until(async () => {
      const now = await rebuild();
      return now.status !== 'running' && now;
    }, 'the rebuild waits');
    expect(waiting).toMatchObject({ status: 'awaiting_acceptance', version: 2, generation: 2 });
    expect(waiting.differing).toBeGreaterThan(0);
    expect(JSON.stringify((await api.get(`/api/admin/rebuilds/${id}/differences`)).json)).toContain('marked');
    expect(marks.all + marks.mixed).toBe(0);

    expect((await api.post(`/api/admin/rebuilds/${id}/accept`, {})).status).toBe(200);
    await until(async () => (await rebuild()).status === 'done', 'version 2 is live');
    await pause(3_000);
    const rolledOut = { ...marks };
    expect(rolledOut.all).toBeGreaterThan(0);
    expect((await api.post('/api/admin/projections/messages/rollback', {})).status).toBe(200);
    await pause(500);
    const before = marks.all;
    await pause(3_000);
    // one read may have begun before the pointer moved
    expect(marks.all - before).toBeLessThanOrEqual(1);
    await ofNext.stop();
    await server.stop();
    next = undefined;
    await pause(1_500);
    await ofOld.stop();
    process.stderr.write(
      `reads of the old release ${ofOld.reads}, of the next ${ofNext.reads} (${JSON.stringify(marks)}); ` +
        `wrong ${ofOld.wrong.length} and ${ofNext.wrong.length}, refused ${ofOld.refused} and ${ofNext.refused}\n`,
    );
    expect(marks.mixed).toBe(0);
    expect([...ofOld.wrong, ...ofNext.wrong]).toEqual([]);
    expect(ofOld.refused).toBe(0);
    expect(await drill.settle(new Map())).toEqual([]);
  }, 400_000);
});
