import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '#platform';
import { jsonOf, lol } from '../../support/lol.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

type Rebuilt = { id: string; status: string; differing: number; generation: number; streamsTotal: number };
type Check = { name: string; verdict: string; remedy?: string };
type Finding = { kind: string; streamId: string };

describe('what an administrator does at night, with no program running', () => {
  let folder: string;
  let database: TestDatabase;
  let sql: Database;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chatlog lol '));
    database = await createTestDatabase();
    sql = await Database.connect({ url: database.url, poolSize: 1 });
    const seeded = await run('seed', '--conversations', '20', '--messages', '4', '--json');
    expect(jsonOf(seeded)).toMatchObject({ conversations: 20, skipped: 0 });
  });
  afterAll(async () => {
    await sql?.end();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (...args: string[]) => lol(args, { DATABASE_URL: database.url }, { cwd: folder });

  it('rebuilds with its own hands, and flips', async () => {
    const { code, out, err } = await run('rebuild', 'conversations', '--json');
    const [rebuilt] = jsonOf({ code, out, err }) as Rebuilt[];
    expect(rebuilt).toMatchObject({ status: 'done', differing: 0, streamsTotal: 20 });
    expect(code).toBe(0);
    expect(await live('conversations')).toBe(rebuilt!.generation);
  });

  it('compares without flipping, and writes what differs', async () => {
    const before = await live('messages');
    const { code, out, err } = await run('rebuild', 'messages', '--dry-run', '--json');
    const [rebuilt] = jsonOf({ code, out, err }) as Rebuilt[];
    expect(rebuilt).toMatchObject({ status: 'done', differing: 0 });
    expect(readFileSync(join(folder, `rebuild-${rebuilt!.id}.ndjson`), 'utf8')).toBe('');
    expect(await live('messages')).toBe(before);
  });

  it('goes back, and says what cannot be done', async () => {
    const before = await live('conversations');
    expect(jsonOf(await run('rebuild', '--rollback', 'conversations', '--json'))).toMatchObject({
      from: before,
    });
    const detached = await run('rebuild', 'messages', '--detach');
    expect({ code: detached.code, err: detached.err }).toEqual({
      code: 2,
      err: expect.stringContaining('none reports'),
    });
    const absent = await run('rebuild', '--pause', '10000000-0000-4000-8000-000000000001', '--json');
    expect({ code: absent.code, ...(jsonOf(absent) as object) }).toMatchObject({
      code: 1,
      error: { code: 'not_found' },
    });
  });

  it('ends with 4 where a rebuild runs already', async () => {
    await sql.query(
      `insert into rebuilds (id, projection, generation, version, status, phase, dry_run, accept_diff, requested_by)
       values (gen_random_uuid(), 'moments', 99, 1, 'paused', 'copying', false, false, 'ann')`,
    );
    const { code, out, err } = await run('rebuild', 'moments', '--json');
    expect(jsonOf({ code, out, err })).toMatchObject({ error: { code: 'rebuild_running' } });
    expect(code).toBe(4);
  });

  it('finds rows that are not what the log says, names them, and makes them anew', async () => {
    const [row] = await sql.query<{ id: string }>(
      `select stream_id as id from streams where kind = 'conversation' order by 1 limit 1`,
    );
    // no worker runs: the generation that was gone back to has the rows only from here on
    await run('rebuild', '--conversation', row!.id);
    await sql.query(`update conversations set title = '"Not what was said"' where conversation_id = $1`, [
      row!.id,
    ]);
    const found = await run('verify', 'conversations', '--json');
    const { findings } = jsonOf(found) as { findings: Finding[] };
    expect(found.code).toBe(1);
    expect(new Set(findings.map(({ streamId }) => streamId))).toEqual(new Set([row!.id]));
    const people = await run('verify', '--conversation', row!.id);
    expect(people.out).toContain('Not what was said');
    expect((await run('rebuild', '--conversation', row!.id)).out).toContain('its rows were wrong');
    expect((await run('verify', 'conversations')).code).toBe(0);
  });

  it('tells what is parked by what went wrong, and puts it back to work', async () => {
    expect((await run('parked')).out).toBe('nothing is parked\n');
    await sql.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, event_type, error, fingerprint, attempts)
       select 'messages', 1, stream_id, 'local', 'x', 2, 'MessagePosted', 'no such thing', 'f' || (row_number() over () % 2), 3
       from (select stream_id from streams where kind = 'conversation' order by 1 limit 5) s`,
    );
    const { code, out } = await run('parked');
    expect(code).toBe(1);
    expect(out).toMatch(/3 +f1 +messages +MessagePosted[^]*no such thing[^]*2 +f0 /);
    expect(jsonOf(await run('parked', '--fingerprint', 'f0', '--json'))).toEqual({ retried: 2 });
    const [left] = await sql.query<{ id: string }>('select stream_id as id from parked order by 1 limit 1');
    expect(jsonOf(await run('parked', '--retry', left!.id, '--json'))).toEqual({ retried: 1 });
    expect((await run('parked', '--retry', left!.id)).code).toBe(1);
    expect(jsonOf(await run('parked', '--retry-all', '--json'))).toEqual({ retried: 2 });
  });

  it('records who did what', async () => {
    const rows = await sql.query<{ action: string }>(
      `select data ->> 'action' as action from events where type = 'AdminActionTaken' order by seq`,
    );
    const actions = rows.map(({ action }) => action);
    expect(new Set(actions)).toEqual(
      new Set(['seed', 'rebuild', 'rollback', 'pause', 'verify', 'repair', 'retry_parked']),
    );
  });

  it('looks at everything, shows no secret, and says what to do', async () => {
    const settings = { DATABASE_URL: database.url, CHATLOG_TOKEN: 'a-very-secret-token', CHATLOG_TOKNE: '1' };
    const { code, out, err } = await lol(['doctor', '--json'], settings);
    const { checks } = jsonOf({ code, out, err }) as { checks: Check[] };
    const verdicts = Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts).toMatchObject({
      CHATLOG_TOKEN: 'ok',
      CHATLOG_TOKNE: 'warn',
      Node: 'ok',
      schema: 'ok',
      durability: 'ok',
      clock: 'ok',
      append: 'ok',
      queue: 'ok',
      processes: 'warn',
    });
    expect(out).not.toContain('a-very-secret-token');
    expect(checks.filter(({ verdict }) => verdict !== 'ok').every(({ remedy }) => remedy)).toBe(true);
    const bad = await lol(['doctor'], { ...settings, CHATLOG_HEARTBEAT_MS: '14000' });
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/fail +CHATLOG_HEARTBEAT_MS/);
  });

  async function live(projection: string): Promise<number> {
    const [row] = await sql.query<{ generation: number }>(
      `select generation from projection_generations where projection = $1 and status = 'live'`,
      [projection],
    );
    return row!.generation;
  }
});
