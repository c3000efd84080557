import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '#platform';
import { jsonOf, lol } from '../../support/lol.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

type Verified = { clean: boolean; streams: number; compared: number; findings: unknown[] };

const on = (database: TestDatabase, ...args: string[]) => lol(args, { DATABASE_URL: database.url });

describe('a demo, looked at, moved and proved', () => {
  let folder: string;
  let [here, there, empty] = [] as unknown as [TestDatabase, TestDatabase, TestDatabase];
  let conversations: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chatlog lol '));
    [here, there, empty] = [
      await createTestDatabase(),
      await createTestDatabase(),
      await createTestDatabase(),
    ];
    const seeded = await lol(['seed', '--json'], { DATABASE_URL: here.url });
    expect({ code: seeded.code, err: seeded.err }).toEqual({ code: 0, err: '' });
    ({ conversations } = jsonOf(seeded) as { conversations: string[] });
  });
  afterAll(async () => {
    await Promise.all([here, there, empty].map((database) => database?.drop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds what it promises: versions, a branch, a fork, a stopped turn and a failed tool', async () => {
    expect(conversations).toHaveLength(7);
    const types = await countedTypes(here);
    expect(types).toMatchObject({
      BranchSelected: 1,
      ConversationForked: 1,
      TurnCancelled: 1,
      ToolCallFailed: 1,
      ProjectVersionRestored: 1,
      ProjectVersionNamed: 2,
    });
    expect(types.ProjectVersionCommitted).toBeGreaterThan(10);
    expect(types.TurnFailed).toBeUndefined();
    expect(types.TurnInterrupted).toBeUndefined();
  });

  it('adds nothing when it is repeated', async () => {
    const before = await countedTypes(here);
    const again = await on(here, 'seed', '--json');
    expect((jsonOf(again) as { conversations: string[] }).conversations).toEqual(conversations);
    expect(await countedTypes(here)).toEqual(before);
  });

  it('is as its log says, its deltas too', async () => {
    const { code, out, err } = await on(here, 'verify', '--deep', '--json');
    expect(jsonOf({ code, out, err }) as Verified).toMatchObject({ clean: true, findings: [] });
    expect(code).toBe(0);
  });

  it('plays as plain text where nobody looks', async () => {
    const { code, out } = await on(here, 'replay', conversations[2]!, '--speed', '0');
    expect(code).toBe(0);
    expect(out).toContain('# Drawing constellations\n\nYou\nA black page where I click stars');
    expect(out).toContain('· Edit sky.js\n  failed: old_string is absent');
    // no control characters but line ends
    expect(out).not.toMatch(/[^\n\P{Cc}]/u);
  });

  it('is exported byte for byte, and imported elsewhere once', async () => {
    const [id] = conversations;
    const file = join(folder, 'tea.ndjson');
    expect((await on(here, 'export', id!, '-o', file)).code).toBe(0);
    const imported = jsonOf(await on(there, 'import', file, '--json')) as { outcome: string };
    const again = jsonOf(await on(there, 'import', file, '--json')) as { outcome: string };
    expect([imported.outcome, again.outcome]).toEqual(['imported', 'already_there']);
    const back = join(folder, 'back.ndjson');
    await on(there, 'export', id!, '-o', back);
    // the first and the last line tell of the export itself
    expect(linesOf(back).slice(1, -1)).toEqual(linesOf(file).slice(1, -1));
    const { out } = await on(here, 'export', id!, '--format', 'markdown');
    expect(out).toMatch(/^# A timer that looks like tea\n/);
  });

  it('is backed up and restored, and proved there', async () => {
    const backup = join(folder, 'backup');
    expect((await on(here, 'backup', backup)).code).toBe(0);
    const restored = await on(empty, 'restore', backup, '--json');
    expect({ code: restored.code, err: restored.err }).toEqual({ code: 0, err: '' });
    const verified = await on(empty, 'verify', '--json');
    expect(jsonOf(verified) as Verified).toMatchObject({ clean: true, findings: [] });
    const refused = await on(here, 'restore', backup, '--json');
    expect(refused.code).toBe(1);
    expect(jsonOf(refused)).toMatchObject({ error: { code: 'not_empty' } });
  });
});

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

async function countedTypes({ url }: TestDatabase): Promise<Record<string, number>> {
  const database = await Database.connect({ url, poolSize: 1 });
  const rows = await database.query<{ type: string; count: number }>(
    `select type, count(*)::integer as count from events where type not like 'Admin%' group by type`,
  );
  await database.end();
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]));
}
