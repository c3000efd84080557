import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, startScriptedModel, type ScriptedModel } from '#assistant';
import { Database } from '#platform';
import { ApiClient } from '../../support/api-client.js';
import { drillEnv } from '../../support/drill-env.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

/** Long enough that a worker which takes what is not its own would have taken it. */
const WATCHED_MS = 2_500;

/** A worker for turns, and one for everything else: each leaves the other's work alone, and waits for it. */
describe('workers for turns and for projections', () => {
  let mode: TestMode;
  let model: ScriptedModel;
  let env: Record<string, string | undefined>;
  let database: Database;
  let api: ApiClient;
  const processes: TestServer[] = [];
  const start = async (role: 'api' | 'worker', more: Record<string, string> = {}) => {
    const process = await startServer({ role, env: { ...env, ...more } });
    processes.push(process);
    return process;
  };

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({ script: () => answerWith([{ text: 'Done.' }]) });
    // the API projects nothing itself
    env = { ...(await drillEnv(mode.env, model)), CHATLOG_PROJECT_IN_PLACE_MS: '0' };
    api = new ApiClient((await start('api')).url);
    database = await Database.connect({ url: env.DATABASE_URL! });
  }, 90_000);
  afterAll(async () => {
    await database?.end();
    for (const process of processes) await process.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  const ask = async () => {
    const { json } = await api.post('/api/conversations', {});
    const turn = await api.post(`/api/conversations/${json.id}/turns`, { prompt: 'Do it.' });
    expect(turn.status).toBe(202);
    return String(json.id);
  };
  const types = async (id: string) =>
    (
      await database.query<{ type: string }>('select type from events where stream_id = $1 order by seq', [
        id,
      ])
    ).map(({ type }) => type);
  const isPending = async (id: string) =>
    (await database.query('select from pending where stream_id = $1', [id])).length > 0;

  it('the one for projections runs no turn', async () => {
    await start('worker', { CHATLOG_WORK: 'projections' });
    const id = await ask();
    await until(async () => !(await isPending(id)));
    await pause(WATCHED_MS);
    expect(await types(id)).not.toContain('TurnStarted');
    await processes.at(-1)!.stop();
  }, 60_000);

  it('the one for turns runs them to their end, and projects nothing', async () => {
    await start('worker', { CHATLOG_WORK: 'turns' });
    const id = await ask();
    await until(async () => (await types(id)).includes('TurnCompleted'));
    await pause(WATCHED_MS);
    expect(await isPending(id)).toBe(true);
    const rows = await database.query('select from projection_checkpoints where stream_id = $1', [id]);
    expect(rows).toEqual([]);
    const page = await api.get(`/api/conversations/${id}/messages`);
    expect(JSON.stringify(page.json)).toContain('Done.');
  }, 60_000);

  it('together they leave nothing to do', async () => {
    await start('worker', { CHATLOG_WORK: 'projections' });
    const id = await ask();
    await until(async () => (await types(id)).includes('TurnCompleted'));
    await until(async () => (await database.query('select from pending')).length === 0);
  }, 60_000);
});
