import { Client } from 'pg';
import { jsonOf, lol } from '../../support/lol.js';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../../support/postgres.js';

type Report = {
  projects: number;
  conversations: number;
  messages: number;
  changed: number;
  left: { table: string; id: string; reason: string }[];
};
type Verified = { clean: boolean };

const id = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** As the LOL app's own storage has it: the number restarts in every turn, and a crash has left a row streaming. */
const LOL_DATABASE = `
  create table projects (id uuid primary key, title text, files jsonb, compiled text, metadata jsonb, version integer,
    created_at timestamptz, updated_at timestamptz);
  create table conversations (id uuid primary key, project_id uuid, title text, created_at timestamptz, updated_at timestamptz);
  create table messages (id uuid primary key, conversation_id uuid, project_id uuid, role text, content text, tool_name text,
    tool_call jsonb, tool_result jsonb, streaming_status text, metadata jsonb, sequence integer, created_at timestamptz,
    updated_at timestamptz);
  insert into projects values
    ('${id(1)}', 'Snake', '{"index.html": {"content": "<h1>Snake</h1>", "type": "html"}}', '', '{"views": 3}', 1, now(), now()),
    ('${id(2)}', 'Broken', '{"../up.html": {"content": "x", "type": "html"}}', '', '{}', 1, now(), now());
  insert into conversations values
    ('${id(10)}', '${id(1)}', 'Build a snake game', '2025-03-01', '2025-03-01'),
    ('${id(11)}', null, 'Empty', '2025-03-02', '2025-03-02');
  insert into messages (id, conversation_id, role, content, tool_name, tool_call, tool_result, streaming_status, sequence, created_at) values
    ('${id(102)}', '${id(10)}', 'assistant', 'Faster now, and', null, null, null, 'streaming', 0, '2025-03-01 10:05:01'),
    ('${id(100)}', '${id(10)}', 'user', 'Faster', null, null, null, 'complete', 0, '2025-03-01 10:05:00'),
    ('${id(104)}', '${id(10)}', 'tool', '{}', 'Write', '{"file_path": "index.html"}', '"ok"', 'complete', 2, '2025-03-01 10:00:00'),
    ('${id(101)}', '${id(10)}', 'assistant', 'Here is a snake.', null, null, null, 'complete', 1, '2025-03-01 10:00:00'),
    ('${id(103)}', '${id(10)}', 'user', 'Build a snake game', null, null, null, null, 0, '2025-03-01 10:00:00'),
    ('${id(105)}', '${id(10)}', 'robot', 'beep', null, null, null, 'complete', 1, '2025-03-01 10:06:00'),
    ('${id(106)}', '${id(99)}', 'user', 'where am I', null, null, null, 'complete', 1, '2025-03-01 10:06:00');
`;

describe('lol import-lol', () => {
  let [source, target] = [] as unknown as [TestDatabase, TestDatabase];
  beforeAll(async () => {
    [source, target] = [await createBareDatabase(), await createTestDatabase()];
    await inLol(LOL_DATABASE);
  });
  afterAll(() => Promise.all([source, target].map((database) => database?.drop())));

  const importLol = async (...more: string[]) => {
    const run = await lol(['import-lol', source.url, '--json', ...more], { DATABASE_URL: target.url });
    return { code: run.code, report: jsonOf(run) as Report };
  };

  it('looks first, takes what can be taken, and names the rest', async () => {
    const dry = await importLol('--dry-run');
    expect(await rows()).toEqual([]);
    const { code, report } = await importLol();
    expect(code).toBe(1);
    expect({ ...dry.report, dryRun: false }).toEqual(report);
    expect(report).toMatchObject({ projects: 1, conversations: 2, messages: 5, changed: 0 });
    expect(report.left.map(({ table, id: left, reason }) => [table, left, reason])).toEqual([
      ['projects', id(2), expect.stringContaining('"../up.html"')],
      ['messages', id(105), 'has the role "robot"'],
      ['messages', id(106), 'its conversation is not there'],
    ]);
  });

  it('has them in the order in which they were said, under their ids; what was streaming is an error', async () => {
    expect(await rows()).toEqual([
      [id(103), 'user', 'complete'],
      [id(101), 'assistant', 'complete'],
      [id(104), 'tool', 'complete'],
      [id(100), 'user', 'complete'],
      [id(102), 'assistant', 'error'],
    ]);
  });

  it('adds what came since, revises what changed there, and leaves alone what was changed here as well', async () => {
    const unchanged = (await importLol()).report;
    expect(unchanged).toMatchObject({ projects: 0, conversations: 0, messages: 0, changed: 0 });
    await inLol(`
      update messages set content = 'Faster now, and round.', streaming_status = 'complete' where id = '${id(102)}';
      update messages set content = 'Fast' where id = '${id(100)}';
      update conversations set title = 'Snake!' where id = '${id(10)}';
      insert into messages (id, conversation_id, role, content, sequence, created_at)
        values ('${id(107)}', '${id(10)}', 'user', 'Thanks', 0, '2025-03-02');
    `);
    await here(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       select '${id(10)}', max(seq) + 1, gen_random_uuid(), now(), 1, 'MessageEdited',
         '{"messageId": "${id(100)}", "content": [{"type": "text", "text": "Faster, please"}]}', '{}'
       from events where stream_id = '${id(10)}'`,
    );
    const { report } = await importLol();
    expect(report).toMatchObject({ messages: 1, changed: 1 });
    const left = report.left.map(({ id: row }) => row);
    expect(left.toSorted()).toEqual([id(2), id(10), id(100), id(105), id(106)].toSorted());
    expect((await rows()).slice(-2)).toEqual([
      [id(102), 'assistant', 'complete'],
      [id(107), 'user', 'complete'],
    ]);
  });

  it('is as the log says', async () => {
    const verified = await lol(['verify', '--json'], { DATABASE_URL: target.url });
    expect((jsonOf(verified) as Verified).clean).toBe(true);
  });

  it('refuses a database that is not the LOL app’s', async () => {
    const run = await lol(['import-lol', target.url], { DATABASE_URL: target.url });
    expect(run.code).toBe(2);
    expect(run.err).toContain("is this service's own");
  });

  /** The fold of the conversation's events: id, role and status of its messages, in order. */
  async function rows(): Promise<string[][]> {
    const events = await here(`select type, data from events where stream_id = '${id(10)}' order by seq`);
    const messages = new Map<string, string[]>();
    for (const { type, data } of events as { type: string; data: Record<string, string> }[]) {
      if (type === 'MessagePosted')
        messages.set(data.messageId!, [data.messageId!, data.role!, data.streamingStatus!]);
      if (type === 'MessageEdited' && data.streamingStatus)
        messages.get(data.messageId!)!.splice(2, 1, data.streamingStatus);
    }
    return [...messages.values()];
  }

  const inLol = (sql: string) => query(source.url, sql);
  const here = (sql: string) => query(target.url, sql);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
