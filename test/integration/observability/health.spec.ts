import { randomUUID } from 'node:crypto';
import { Database } from '#platform';
import { ApiClient } from '../../support/api-client.js';
import { startConversation } from '../../support/conversation-probe.js';
import { freePort } from '../../support/free-port.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer } from '../../support/server.js';

jest.setTimeout(90_000);

let mode: TestMode;
let database: Database;

beforeAll(async () => {
  mode = await startMode();
  database = await Database.connect({ url: mode.databaseUrl, poolSize: 1 });
});

afterAll(async () => {
  await database?.end();
  await mode?.stop();
});

const readyOf = async (url: string) => {
  const { status, json } = await new ApiClient(url).get('/health/ready');
  return { status, json };
};

it('12.1 is not ready while an event has waited too long for its projections, unless it is parked', async () => {
  const env = { ...mode.env, CHATLOG_READY_MAX_LAG_MS: '5000' };
  const [server, never] = [
    await startServer({ role: 'api', env }),
    await startServer({ role: 'api', env: { ...env, CHATLOG_READY_MAX_LAG_MS: '0' } }),
  ];
  expect(await readyOf(server.url)).toMatchObject({
    status: 200,
    json: {
      status: 'ready',
      details: { database: { status: 'up' }, queue: { status: 'up' }, projections: { status: 'up' } },
    },
  });
  const id = await startConversation(new ApiClient(server.url));
  await database.query(
    `INSERT INTO pending (stream_id, tenant_id, seq, since) VALUES ($1, 'local', 9, now() - interval '10 seconds')
     ON CONFLICT (stream_id) DO UPDATE SET since = excluded.since, seq = excluded.seq`,
    [id],
  );
  const lagging = await readyOf(server.url);
  expect(lagging).toMatchObject({
    status: 503,
    json: { status: 'lagging', details: { projections: { status: 'down' } } },
  });
  expect(lagging.json.details.projections.oldestSeconds).toBeGreaterThan(9);
  expect(await readyOf(never.url)).toMatchObject({ status: 200, json: { status: 'ready' } });
  await database.query(
    `INSERT INTO parked (projection, generation, stream_id, tenant_id, seq, error, attempts, fold_version)
     VALUES ('messages', 1, $1, 'local', 9, 'planted', 3, 1)`,
    [id],
  );
  expect(await readyOf(server.url)).toMatchObject({ status: 200 });
  await Promise.all([server.stop(), never.stop()]);
});

it('12.1 is ready without its queue, and says that it is impaired', async () => {
  const env = { DATABASE_URL: mode.databaseUrl, REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
  const server = await startServer({ role: 'api', env });
  expect(await readyOf(server.url)).toMatchObject({
    status: 200,
    json: { status: 'ready', details: { queue: { status: 'degraded', backend: 'redis' } } },
  });
  const api = new ApiClient(server.url, { 'idempotency-key': randomUUID() });
  expect((await api.post('/api/conversations', {})).status).toBe(201);
  expect(await server.stop()).toBe(0);
});
