import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#platform';
import { jsonOf, lol } from '../../support/lol.js';
import { startServer, type TestServer } from '../../support/server.js';

type Status = { server: string; epoch: string; processes: { role: string }[]; projections: unknown[] };

const quietly = { note: 'a test', log: () => undefined };

/** On the embedded database of a data folder, whoever runs it. */
describe('the embedded database', () => {
  let dataDir: string;
  let server: TestServer | undefined;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'chatlog lol '));
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is reached through the program that runs on it, and started and stopped where none does', async () => {
    const env = { CHATLOG_DATA_DIR: dataDir };
    server = await startServer({ env });
    const beside = await lol(['status', '--json'], env);
    expect({ code: beside.code, err: beside.err }).toEqual({ code: 0, err: '' });
    const running = jsonOf(beside) as Status;
    expect(running).toMatchObject({ server: 'running', processes: [{ role: 'all' }] });
    expect(await server.stop()).toBe(0);

    const alone = jsonOf(await lol(['status', '--json'], env)) as Status;
    expect(alone).toMatchObject({ server: 'own', epoch: running.epoch, processes: [] });
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    const people = await lol(['status'], env);
    expect(people.out).toContain('started for this command: no program runs on it');
  });

  it('is the running one where another process holds the folder, and our own where nobody does', async () => {
    await expect(openDatabase({ dataDir }, quietly)).rejects.toThrow('there is no database in');
    const own = await openDatabase({ dataDir }, { ...quietly, create: true });
    expect(own.server).toBe('own');
    // this process holds the lock: another one finds the server
    const other = await lol(['migrate', '--json'], { CHATLOG_DATA_DIR: dataDir });
    expect((jsonOf(other) as { applied: string[] }).applied.length).toBeGreaterThan(0);
    await own.close();
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});
