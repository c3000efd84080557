import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.js';
import { until } from '../../../test/support/until.js';
import { Database, ProcessReports } from '#platform';

describe('ProcessReports', () => {
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

  it('tells what each process says of itself, until it stops', async () => {
    const [api, worker] = [new ProcessReports(database, 'api'), new ProcessReports(database, 'worker')];
    for (let ms = 1; ms <= 100; ms += 1) api.observeRequest(ms);
    worker.observeCommit(12);
    for (const reports of [api, worker]) reports.onApplicationBootstrap();
    await until(async () => (await api.recent()).length === 2);
    const told = await worker.recent();
    expect(told).toMatchObject([
      { processId: api.processId, role: 'api', pid: process.pid, requestMs: 95, commitMs: null },
      { processId: worker.processId, role: 'worker', requestMs: null, commitMs: 12 },
    ]);
    expect(told[0]?.release).toMatch(/^\d+\.\d+\.\d+/);
    await api.onModuleDestroy();
    expect((await worker.recent()).map(({ role }) => role)).toEqual(['worker']);
    await worker.onModuleDestroy();
  });

  it('forgets what is older than 5 s, and whoever writes deletes what is older than a minute', async () => {
    await database.query(
      `INSERT INTO process_reports (process_id, role, host, pid, release, started_at, at)
       SELECT gen_random_uuid(), 'dead', 'h', 1, 'r', now(), clock_timestamp() - make_interval(secs => age)
       FROM unnest(ARRAY[6, 61]) AS age`,
    );
    const reports = new ProcessReports(database, 'all');
    expect(await reports.recent()).toEqual([]);
    reports.onApplicationBootstrap();
    await until(async () => (await reports.recent()).length === 1);
    const dead = await database.query(`SELECT FROM process_reports WHERE role = 'dead'`);
    expect(dead).toHaveLength(1);
    await reports.onModuleDestroy();
  });

  it('lives on without its table', async () => {
    const reports = new ProcessReports(database, 'all');
    await database.query('ALTER TABLE process_reports RENAME TO elsewhere');
    reports.onApplicationBootstrap();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await database.query('ALTER TABLE elsewhere RENAME TO process_reports');
    await until(async () => (await reports.recent()).length === 1);
    await reports.onModuleDestroy();
  });
});
