import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, projectRoot } from '#platform';
import { describeSchema } from '../../support/describe-schema.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

const FILE = join(projectRoot(), 'migrations', 'schema.sql');
const HEADER = `-- What the migrations and the SQL functions make, for people to read; a test compares it.
-- After a change: CHATLOG_TEST_UPDATE_SCHEMA=1 npm test -- --testPathPatterns platform/schema\n\n`;

describe('migrations/schema.sql', () => {
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

  it('is what a migrated database holds', async () => {
    const found = HEADER + (await describeSchema(database));
    if (process.env.CHATLOG_TEST_UPDATE_SCHEMA === '1') writeFileSync(FILE, found);
    expect(readFileSync(FILE, 'utf8')).toBe(found);
  });

  it('would differ after any change', async () => {
    const before = await describeSchema(database);
    const changes = [
      'ALTER TABLE streams ADD COLUMN extra text',
      'CREATE INDEX extra_index ON commands (at)',
      'ALTER TABLE pending ALTER COLUMN since SET DEFAULT now()',
      'CREATE FUNCTION extra_function() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      'ALTER TABLE entities ADD CONSTRAINT extra_check CHECK (id IS NOT NULL)',
    ];
    for (const change of changes) {
      await expect(describeAfter(change)).resolves.not.toBe(before);
    }
    expect(await describeSchema(database)).toBe(before);
  });

  async function describeAfter(change: string): Promise<string> {
    let description = '';
    const undone = new Error('undo');
    await database
      .transaction('READ COMMITTED', async (q) => {
        await q.query(change);
        description = await describeSchema(q);
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    return description;
  }
});
