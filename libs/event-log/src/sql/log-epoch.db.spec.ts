import { Logger } from '@nestjs/common';
import { openEventLog, eventLogOn, type LogFixture } from '../../../../test/support/event-log.js';
import { Database } from '#platform';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

const ask = async () =>
  (await fixture.database.query<{ epoch: string; complete: boolean }>('select * from log_epoch()'))[0]!;

describe('log_epoch', () => {
  it('is the same for every process, and another in another database', async () => {
    const { epoch, complete } = await ask();
    expect(epoch).toMatch(/^[0-9a-f]{16}$/);
    expect(complete).toBe(true);
    expect(await fixture.log.epoch()).toBe(epoch);
    expect(await (await fixture.another()).epoch()).toBe(epoch);
    const other = await openEventLog();
    expect(await other.log.epoch()).not.toBe(epoch);
    await other.close();
  });

  it('changes with the random of the log, and is asked anew over a new connection', async () => {
    const before = await fixture.log.epoch();
    await fixture.database.query('update log_identity set random = gen_random_uuid()');
    expect(await fixture.log.epoch()).toBe(before);
    // as a restored server would, cut every connection
    await fixture.database
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      .then(() =>
        Promise.all(Array.from({ length: 3 }, () => fixture.database.query('select pg_sleep(0.05)'))),
      );
    expect(await fixture.log.epoch()).not.toBe(before);
  });

  it('does without the system identifier where that is forbidden, and says so once', async () => {
    const role = `reader_${Math.random().toString(36).slice(2)}`;
    await fixture.database.query('revoke execute on function pg_control_system() from public');
    await fixture.database.query(`create role ${role}`);
    await fixture.database.query(`grant select on log_identity to ${role}`);
    const url = new URL(fixture.url);
    const database = await Database.connect({ url: url.href, poolSize: 1 });
    try {
      await database.query(`set role ${role}`);
      const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
      const [row] = await database.query<{ epoch: string; complete: boolean }>('select * from log_epoch()');
      expect(row!.complete).toBe(false);
      const log = eventLogOn(database);
      expect(await log.epoch()).toBe(row!.epoch);
      expect(row!.epoch).not.toBe((await ask()).epoch);
      expect(warned).toHaveBeenCalledTimes(1);
      warned.mockRestore();
    } finally {
      await database.end();
      await fixture.database.query(`drop owned by ${role}`);
      await fixture.database.query(`drop role ${role}`);
    }
  });
});
