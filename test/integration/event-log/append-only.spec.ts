import { randomUUID } from 'node:crypto';
import { openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
let streamId: string;
beforeAll(async () => {
  fixture = await openEventLog();
  streamId = randomUUID();
  await fixture.log.append(unitOf(streamId, 0));
});
afterAll(() => fixture.close());

const partitionOf = async () => {
  const [row] = await fixture.database.query<{ name: string }>(
    'select tableoid::regclass::text as name from events limit 1',
  );
  return row!.name;
};

describe.each(['events', 'the partition', 'streams'])('%s', (what) => {
  it.each(['update $ set stream_id = stream_id', 'delete from $', 'truncate $', 'truncate $ cascade'])(
    'refuses: %s',
    async (statement) => {
      const table = what === 'the partition' ? await partitionOf() : what;
      await expect(fixture.database.query(statement.replace('$', table))).rejects.toMatchObject({
        code: '42501',
      });
      // as a restore or a replica would write, too
      const asReplica = fixture.database.transaction('READ COMMITTED', async (q) => {
        await q.query('set local session_replication_role = replica');
        await q.query(statement.replace('$', table));
      });
      await expect(asReplica).rejects.toMatchObject({ code: '42501' });
      expect(await fixture.log.head(streamId)).toBe(1);
    },
  );
});

it('the owner of the tables holds no right to change them, were the triggers gone', async () => {
  const rights = await fixture.database.query(
    `select distinct privilege_type from information_schema.role_table_grants
     where table_schema = current_schema() and (table_name like 'events%' or table_name = 'streams') and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')`,
  );
  expect(rights).toEqual([]);
});

it('no event can have a seq below 1', async () => {
  const insert = fixture.database.query(
    `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
     values ($1, 0, gen_random_uuid(), now(), 1, 'A', '{}', '{}')`,
    [randomUUID()],
  );
  await expect(insert).rejects.toMatchObject({ code: '23514' });
});
