import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Backups } from '#archive';
import { ChainSealer, ChainVerifier } from '#event-log';
import { assertSafeDatabase, Database } from '#platform';
import { contentsOf, fillLog, headsOf, inFolder } from '../../support/archives.js';
import { event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';
import { createTestDatabase } from '../../support/postgres.js';

const chainKey = 'a key that is in no table, and long enough';
// small parts, so that a small log has many
const partRows = 20;

let fixture: LogFixture;
let ids: string[];
beforeAll(async () => {
  fixture = await openEventLog();
  ids = await fillLog(fixture.log, fixture.database);
  await new ChainSealer(fixture.database, { chainKey, sealMs: 10 }).sealAll();
});
afterAll(() => fixture?.close());

/** An empty log of its own for the work. */
async function onEmpty<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const { url, drop } = await createTestDatabase();
  const database = await Database.connect({ url, poolSize: 2 });
  try {
    return await work(database);
  } finally {
    await database.end();
    await drop();
  }
}

const backup = (folder: string) => new Backups(fixture.database).backup(folder, { partRows });

/** Aborts right after the n-th report of a phase. */
function abortAfter(n: number, phase: 'reading' | 'writing') {
  const abort = new AbortController();
  let left = n;
  const onProgress = (progress: { phase: string }) => {
    if (progress.phase === phase && --left === 0) abort.abort(new Error('enough'));
  };
  return { signal: abort.signal, onProgress };
}

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}

describe('a backup', () => {
  it('restores every table that is truth byte for byte, with another epoch and every stream pending', async () => {
    await inFolder((folder) =>
      onEmpty(async (database) => {
        const made = await backup(folder);
        const identity = 'select random from log_identity';
        const before = await database.query(identity);
        const restored = await new Backups(database).restore(folder);
        // also where the database is the very one that was backed up, emptied
        expect(await database.query(identity)).not.toEqual(before);
        expect(await contentsOf(database)).toEqual(await contentsOf(fixture.database));
        const blobs = 'select * from blobs order by sha256';
        expect(await database.query(blobs)).toEqual(await fixture.database.query(blobs));
        expect(restored.epoch).not.toBe(made.manifest.epoch);
        const pending = await database.query<{ stream_id: string }>('select stream_id from pending');
        expect(new Set(pending.map(({ stream_id: id }) => id))).toEqual(new Set(ids));
        const { anchor } = made.manifest;
        expect(await new ChainVerifier(database, { chainKey }).verify({ anchor: anchor! })).toMatchObject({
          bad: 0,
        });
        expect(made.manifest.parts.filter(({ table }) => table === 'events').length).toBeGreaterThan(3);
      }),
    );
  });

  it('of an empty log restores to an empty log', async () => {
    await inFolder((folder) =>
      onEmpty(async (from) => {
        await new Backups(from).backup(folder);
        await onEmpty(async (to) => void (await new Backups(to).restore(folder)));
      }),
    );
  });

  it.each([1, 4, 9, 14])(
    'interrupted after %i reports and gone on with is the backup of the first moment',
    async (reports) => {
      await inFolder(async (folder) => {
        const before = await headsOf(fixture.database);
        const expected = await contentsOf(fixture.database, before);
        const backups = new Backups(fixture.database);
        await expect(backups.backup(folder, { partRows, ...abortAfter(reports, 'reading') })).rejects.toThrow(
          'enough',
        );
        expect(await readdir(folder)).not.toContain('manifest.json');
        const begun = (await readdir(folder)).includes('unfinished.ndjson');
        const [id] = ids as [string];
        const head = (await headsOf(fixture.database)).get(ids[1]!)!;
        // what comes meanwhile is not of the backup, once its heads are recorded
        await fixture.log.append(unitOf(ids[1]!, head, [event('Late', { id })]));
        const made = await backups.backup(folder, { partRows });
        expect(made.resumed).toBe(begun);
        await onEmpty(async (database) => {
          await new Backups(database).restore(folder);
          const found = await contentsOf(database);
          if (begun) expect(found).toEqual(expected);
          else expect(found).toEqual(await contentsOf(fixture.database));
        });
      });
    },
  );

  it('makes again what was damaged while it was interrupted', async () => {
    await inFolder(async (folder) => {
      const backups = new Backups(fixture.database);
      await expect(backups.backup(folder, { partRows, ...abortAfter(12, 'reading') })).rejects.toThrow(
        'enough',
      );
      await flipByte(join(folder, 'events-00001.ndjson.gz'));
      await backups.backup(folder, { partRows });
      await backups.check(folder);
      await rm(join(folder, 'manifest.json'));
    });
  });

  it('refuses a folder that holds a whole backup, or anything else', async () => {
    await inFolder(async (folder) => {
      await backup(folder);
      await expect(backup(folder)).rejects.toMatchObject({ code: 'already_whole' });
      await rm(join(folder, 'manifest.json'));
      await writeFile(join(folder, 'notes.txt'), 'mine');
      await expect(backup(folder)).rejects.toMatchObject({ code: 'not_a_backup' });
    });
  });
});

describe('a restore', () => {
  it.each([1, 5, 11])('interrupted after %i reports goes on to the same end', async (reports) => {
    await inFolder((folder) =>
      onEmpty(async (database) => {
        await backup(folder);
        const backups = new Backups(database);
        await expect(backups.restore(folder, abortAfter(reports, 'writing'))).rejects.toThrow('enough');
        const loaded = await database.query('select part from restored_parts');
        await expect(assertSafeDatabase(database)).rejects.toThrow('not finished');
        const again = await backups.restore(folder);
        expect(again.resumed).toBe(true);
        await assertSafeDatabase(database);
        expect(loaded.length).toBeLessThan(again.manifest.parts.length);
        expect(await contentsOf(database)).toEqual(await contentsOf(fixture.database));
      }),
    );
  });

  it.each(['events-00002.ndjson.gz', 'commands-00001.ndjson.gz'])(
    'with one bit of %s changed is refused by its name, before a row is written',
    async (name) => {
      await inFolder((folder) =>
        onEmpty(async (database) => {
          await backup(folder);
          await flipByte(join(folder, name));
          await expect(new Backups(database).restore(folder)).rejects.toMatchObject({
            code: 'damaged',
            message: expect.stringContaining(name),
          });
          for (const table of ['streams', 'events', 'commands', 'restores'])
            expect(await database.query(`select * from ${table}`)).toEqual([]);
        }),
      );
    },
  );

  it('is refused where the log is not empty, where it was done before, and where another one was begun', async () => {
    await inFolder((folder) =>
      onEmpty(async (database) => {
        await backup(folder);
        await expect(new Backups(fixture.database).restore(folder)).rejects.toMatchObject({
          code: 'not_empty',
        });
        const backups = new Backups(database);
        await expect(backups.restore(folder, abortAfter(3, 'writing'))).rejects.toThrow('enough');
        await inFolder(async (other) => {
          await backup(other);
          await expect(backups.restore(other)).rejects.toMatchObject({ code: 'not_empty' });
        });
        await backups.restore(folder);
        await expect(backups.restore(folder)).rejects.toMatchObject({ code: 'not_empty' });
      }),
    );
  });

  it('says so when something else wrote to the database meanwhile', async () => {
    await inFolder((folder) =>
      onEmpty(async (database) => {
        await backup(folder);
        const backups = new Backups(database);
        await expect(backups.restore(folder, abortAfter(12, 'writing'))).rejects.toThrow('enough');
        await database.query('insert into entities values (gen_random_uuid(), gen_random_uuid(), 1)');
        await expect(backups.restore(folder)).rejects.toMatchObject({ code: 'inconsistent' });
      }),
    );
  });

  it('of a folder without a manifest, of a newer format or of a newer schema is refused', async () => {
    await inFolder(async (folder) => {
      const restore = () => onEmpty((database) => new Backups(database).restore(folder));
      await expect(restore()).rejects.toMatchObject({ code: 'not_a_backup' });
      await backup(folder);
      const file = join(folder, 'manifest.json');
      const manifest = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...manifest, version: 2 }));
      await expect(restore()).rejects.toMatchObject({ code: 'not_a_backup' });
      await writeFile(file, JSON.stringify({ ...manifest, migrations: [...manifest.migrations, 'Later1'] }));
      await expect(restore()).rejects.toMatchObject({ code: 'schema' });
      await cp(file, `${file}.copy`);
    });
  });
});
