import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { startPostgresProxy } from '../../../test/support/postgres-proxy.js';
import { Database } from '#platform';

describe('Database', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await Database.connect({ url: testDatabase.url });
  });

  afterAll(async () => {
    await database.end();
    await testDatabase.drop();
  });

  it('gives times as ISO strings, int8 as numbers and json parsed', async () => {
    const [row] = await database.query(
      `SELECT timestamptz '2026-01-02 03:04:05.678901+02' AS at, 7::int8 AS n, '{"a":"\\u0000"}'::json AS j`,
    );
    expect(row).toEqual({ at: '2026-01-02T01:04:05.678Z', n: 7, j: { a: '\u0000' } });
  });

  it('lives on when a connection dies in the hands of someone who does not listen', async () => {
    const client = await database.pool.connect();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    await database.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    // long enough for the server's farewell to arrive
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
    client.release();
    expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('hears notifications, and again after its connection was killed', async () => {
    const heard: string[] = [];
    let reconnects = 0;
    const stop = await database.listen(
      'test_channel',
      (payload) => heard.push(payload),
      () => (reconnects += 1),
    );
    await database.query("SELECT pg_notify('test_channel', 'one')");
    await until(() => heard.length === 1);
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lol-chat-log listen test_channel'",
    );
    await until(() => reconnects === 1);
    await database.query("SELECT pg_notify('test_channel', 'two')");
    await until(() => heard.length === 2);
    expect(heard).toEqual(['one', 'two']);
    await stop();
  });

  it('listens once again after an outage in which every connection was accepted and cut', async () => {
    const proxy = await startPostgresProxy(testDatabase.url);
    const beyond = await Database.connect({ url: proxy.url });
    const heard: string[] = [];
    let reconnects = 0;
    const stop = await beyond.listen(
      'cut_channel',
      (payload) => heard.push(payload),
      () => (reconnects += 1),
    );
    proxy.down();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    proxy.up();
    await until(() => reconnects > 0);
    // longer than the longest back-off: a second attempt that is under way would show
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await database.query("SELECT pg_notify('cut_channel', 'one')");
    await until(() => heard.length > 0);
    const [listening] = await database.query(
      "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'lol-chat-log listen cut_channel'",
    );
    expect([reconnects, heard, listening]).toEqual([1, ['one'], { n: 1 }]);
    await stop();
    await beyond.end();
    await proxy.close();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
