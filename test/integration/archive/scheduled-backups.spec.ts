import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Backups, ScheduledBackups } from '#archive';
import { inFolder } from '../../support/archives.js';
import { openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';
import { until } from '../../support/until.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
  await fixture.log.append(unitOf('019aa000-0000-7000-8000-00000000000a', 0));
  jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await fixture?.close();
});

const scheduled = (backupDir?: string, backupKeep = 2) =>
  new ScheduledBackups(fixture.database, new Backups(fixture.database), {
    backupDir,
    backupEveryHours: 24,
    backupKeep,
  });

/** Makes what stands in the folder older by some days. */
async function age(shelf: string, days: number): Promise<void> {
  for (const name of await readdir(shelf)) {
    const file = join(shelf, name, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8'));
    const startedAt = new Date(Date.parse(manifest.startedAt) - days * 86_400_000).toISOString();
    await writeFile(file, JSON.stringify({ ...manifest, startedAt }));
  }
}

describe('scheduled backups', () => {
  it('are made when the newest is old enough, and only as many are kept as are to be', async () => {
    await inFolder(async (shelf) => {
      const backups = scheduled(shelf);
      expect(await backups.runOnce()).toBe('made');
      expect(await backups.runOnce()).toBe('not_due');
      for (let day = 0; day < 3; day += 1) {
        // folders are named by the second
        await pause(1_000);
        await age(shelf, 2);
        expect(await backups.runOnce()).toBe('made');
      }
      const names = await readdir(shelf);
      expect(names).toHaveLength(2);
      expect(backups.lastSuccess?.folder).toBe(join(shelf, names.toSorted().at(-1)!));
      for (const name of names) await new Backups(fixture.database).check(join(shelf, name));
    });
  });

  it('go on with one that was interrupted', async () => {
    await inFolder(async (shelf) => {
      const backups = scheduled(shelf);
      await backups.runOnce();
      const [name] = (await readdir(shelf)) as [string];
      const file = join(shelf, name, 'manifest.json');
      const { parts, tables, endedAt, ...header } = JSON.parse(await readFile(file, 'utf8'));
      expect([tables.length, endedAt]).toEqual([9, expect.any(String)]);
      const lines = [header, ...parts.slice(0, 5)].map((line) => `${JSON.stringify(line)}\n`);
      await writeFile(join(shelf, name, 'unfinished.ndjson'), lines.join(''));
      await rm(file);
      expect(await backups.runOnce()).toBe('made');
      expect(await readdir(shelf)).toEqual([name]);
      expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ id: header.id });
    });
  });

  it('leave everything alone that is not theirs, or is of another log', async () => {
    await inFolder(async (shelf) => {
      const backups = scheduled(shelf, 1);
      await backups.runOnce();
      const [name] = (await readdir(shelf)) as [string];
      const file = join(shelf, name, 'manifest.json');
      const manifest = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify({ ...manifest, epoch: 'another' }));
      await mkdir(join(shelf, 'photos'));
      await pause(1_000);
      expect(await backups.runOnce()).toBe('made');
      expect(await readdir(shelf)).toEqual(expect.arrayContaining(['photos', name]));
      expect(await readdir(shelf)).toHaveLength(3);
    });
  });

  it('are made by one process at a time, and not at all without a folder', async () => {
    await inFolder(async (shelf) => {
      const outcomes = await Promise.all([1, 2, 3].map(() => scheduled(shelf).runOnce()));
      expect(outcomes.filter((outcome) => outcome === 'made')).toHaveLength(1);
      expect(await readdir(shelf)).toHaveLength(1);
      expect(await scheduled().runOnce()).toBe('off');
    });
  });

  it('say when they fail, until they succeed', async () => {
    await inFolder(async (folder) => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const shelf = join(folder, 'shelf');
      await writeFile(shelf, 'a file where the folder is to be');
      const backups = scheduled(shelf);
      backups.start();
      await until(() => backups.lastFailure !== null);
      await backups.stop();
      expect(backups.lastFailure!.message).toContain('EEXIST');
      expect(logged).toHaveBeenCalledTimes(1);
      await rm(shelf);
      backups.start();
      await until(() => backups.lastSuccess !== null);
      await backups.stop();
      expect(backups.lastFailure).toBeNull();
    });
  });
});
