import { Client } from 'pg';
import { assertSafeDatabase, Database, migrate, SchemaNewer, schemaState, UnsafeDatabase } from '#platform';
import { createBareDatabase, type TestDatabase } from '../../support/postgres.js';

describe('migrate', () => {
  let bare: TestDatabase;
  beforeEach(async () => {
    bare = await createBareDatabase();
  });
  afterEach(() => bare.drop());

  it('makes the schema once, however many ask at the same moment', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => migrate({ url: bare.url })));
    const applied = results.map((result) => result.applied.length).toSorted((a, b) => b - a);
    expect(applied[0]).toBeGreaterThan(0);
    expect(applied.slice(1)).toEqual([0, 0, 0, 0]);
    expect((await migrate({ url: bare.url })).applied).toEqual([]);
  });

  it('puts a function back that someone changed', async () => {
    await migrate({ url: bare.url });
    await withClient(async (client) => {
      const source = `SELECT md5(string_agg(prosrc, '' ORDER BY oid::regprocedure::text)) AS sum FROM pg_proc WHERE pronamespace = 'public'::regnamespace`;
      const before = await client.query(source);
      const { rows } = await client.query(
        `SELECT pg_get_functiondef(oid) AS text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = 'append_units'`,
      );
      await client.query(rows[0].text.replace(/BEGIN/i, 'BEGIN NULL;'));
      expect((await client.query(source)).rows).not.toEqual(before.rows);
      await migrate({ url: bare.url });
      expect((await client.query(source)).rows).toEqual(before.rows);
    });
  });

  it('refuses a schema that newer code made, and changes nothing', async () => {
    await migrate({ url: bare.url });
    await withClient(async (client) => {
      await client.query(
        `INSERT INTO migrations (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')`,
      );
      await expect(migrate({ url: bare.url })).rejects.toThrow(SchemaNewer);
      await expect(schemaState(client)).rejects.toThrow('FromTheFuture1999999999999');
    });
  });

  it('says what a database lacks', async () => {
    await withClient(async (client) => {
      const { missing } = await schemaState(client);
      expect(missing.length).toBeGreaterThan(0);
      await migrate({ url: bare.url });
      expect(await schemaState(client)).toEqual({ missing: [] });
    });
  });

  async function withClient(use: (client: Client) => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: bare.url });
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }
});

describe('assertSafeDatabase', () => {
  let bare: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    bare = await createBareDatabase();
    database = await Database.connect({ url: bare.url, poolSize: 1 });
  });
  afterAll(async () => {
    await database.end();
    await bare.drop();
  });

  it('accepts a durable server', async () => {
    await expect(assertSafeDatabase(database)).resolves.toBeUndefined();
  });

  it.each(['off', 'local', 'remote_write'])('refuses synchronous_commit = %s', async (value) => {
    await expect(
      database.transaction('READ COMMITTED', async (q) => {
        await q.query(`SET LOCAL synchronous_commit = ${value}`);
        await assertSafeDatabase(q);
      }),
    ).rejects.toThrow(UnsafeDatabase);
  });

  it('names everything that is wrong', async () => {
    const settings = { version: '120005', encoding: 'SQL_ASCII', fsync: 'off', commit: 'off', pages: 'off' };
    const error = await assertSafeDatabase({ query: async () => [settings] as never }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UnsafeDatabase);
    expect((error as UnsafeDatabase).reasons).toHaveLength(5);
  });
});
