import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsIn } from './index.js';

describe('migrationsIn', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (...names: string[]) =>
    names.forEach((name) => writeFileSync(join(folder, name), 'SELECT 1'));

  it('orders the numbered files and leaves others alone', () => {
    write('0002-read-models.sql', '0001-event-log.sql', 'schema.sql', 'notes.md');
    expect(migrationsIn(folder).map((migration) => new migration().name)).toEqual([
      'EventLog1767225601000',
      'ReadModels1767225602000',
    ]);
  });

  it('refuses a gap and a number that stands twice', () => {
    write('0001-a.sql', '0003-c.sql');
    expect(() => migrationsIn(folder)).toThrow('0003-c.sql is not number 2');
    write('0001-b.sql');
    expect(() => migrationsIn(folder)).toThrow('0001-b.sql is not number 2');
  });

  it('never takes a migration back', async () => {
    write('0001-a.sql');
    const [migration] = migrationsIn(folder).map((made) => new made());
    await expect(migration?.down({} as never)).rejects.toThrow('cannot be reverted');
  });
});
