import { answerWith, promptOf, startScriptedModel, type ScriptedModel } from '#assistant';
import { Backups } from '#archive';
import { Database } from '#platform';
import { ApiClient } from '../../support/api-client.js';
import { inFolder } from '../../support/archives.js';
import { drillEnv } from '../../support/drill-env.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { startServer } from '../../support/server.js';
import { readStream } from '../../support/sse-client.js';
import { until } from '../../support/until.js';

let model: ScriptedModel;
let databases: TestDatabase[];
beforeAll(async () => {
  model = await startScriptedModel({
    speed: 0,
    script: (request) =>
      promptOf(request).endsWith('hang') ? { kind: 'hang' } : answerWith([{ text: 'An answer.' }]),
  });
  databases = [await createTestDatabase(), await createTestDatabase()];
}, 60_000);
afterAll(async () => {
  await model?.close();
  for (const database of databases ?? []) await database.drop();
});

/** Runs the built program on a database for the work. */
async function onServer<T>(database: TestDatabase, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const server = await startServer({ env: await drillEnv({ DATABASE_URL: database.url }, model) });
  try {
    return await work(new ApiClient(server.url));
  } finally {
    await server.stop();
  }
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.connect({ url, poolSize: 2 });
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

async function converse(api: ApiClient, id: string, prompt: string): Promise<void> {
  const answer = await api.post(`/api/conversations/${id}/turns`, { prompt });
  expect(answer.status).toBe(202);
}

const conversation = async (api: ApiClient, id: string) => (await api.get(`/api/conversations/${id}`)).json;

it('a client of the log that was backed up is told by the restored one that it is ahead, and of another history', async () => {
  await inFolder(async (folder) => {
    const [live, restored] = databases as [TestDatabase, TestDatabase];
    const before = await onServer(live, async (api) => {
      const { id } = (await api.post('/api/conversations', {})).json;
      const { id: open } = (await api.post('/api/conversations', {})).json;
      await converse(api, id, 'hello');
      await until(async () => (await conversation(api, id)).turn === undefined);
      await converse(api, open, 'hang');
      await until(async () => (await conversation(api, open)).turn?.status === 'running');
      const backedUp = await conversation(api, id);
      const messages = (await api.get(`/api/conversations/${id}/messages`)).json;
      await withDatabase(live.url, (database) => new Backups(database).backup(folder));
      await converse(api, id, 'and once more');
      await until(async () => (await conversation(api, id)).seq > backedUp.seq + 3);
      return { id, open, backedUp, messages, later: await conversation(api, id) };
    });
    await withDatabase(restored.url, (database) => new Backups(database).restore(folder));
    await onServer(restored, async (api) => {
      const { id, open, backedUp, messages, later } = before;
      const path = (seq: number, epoch = '') => `/api/conversations/${id}/stream?after=${seq}${epoch}`;
      const ahead = await api.get(path(later.seq));
      expect([ahead.status, ahead.json.code]).toEqual([409, 'stream_ahead']);
      const { frames, ended } = await readStream(
        api,
        { path: path(2, `&epoch=${later.epoch}`) },
        () => false,
      );
      expect([frames.map(({ event }) => event), ended]).toEqual([['stream_open', 'reset'], true]);
      const now = await conversation(api, id);
      expect(now).toEqual({ ...backedUp, epoch: now.epoch });
      expect(now.epoch).not.toBe(later.epoch);
      expect((await api.get(`/api/conversations/${id}/messages`)).json).toEqual(messages);
      // the turn that ran when the backup was made has nobody who runs it
      await until(async () => (await conversation(api, open)).turn === undefined);
      const events = (await api.get(`/api/conversations/${open}/events`)).json;
      expect(events.at(-1).type).toBe('TurnInterrupted');
    });
  });
}, 240_000);
