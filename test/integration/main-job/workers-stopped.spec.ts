import { ApiClient } from '../../support/api-client.js';
import { inParallel } from '../../support/conversation-probe.js';
import { drillSize } from '../../support/drill-size.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { createPrng } from '../../support/prng.js';
import { startServer, type TestServer } from '../../support/server.js';

const CONVERSATIONS = drillSize(300, 1_000);

/** What one conversation must look like, by what was done to it. */
type Expected = { id: string; title?: string; trashed: boolean; messages: { id: string; content: string }[] };

/** No worker, and no projection within the command either: every read is rows (none) plus the log's tail. */
describe('with all workers stopped', () => {
  const prng = createPrng('workers stopped');
  let mode: TestMode;
  let server: TestServer;
  let api: ApiClient;
  const expected: Expected[] = [];
  const projectId = '0199aa00-0000-7000-8000-000000000001';

  beforeAll(async () => {
    mode = await startMode();
    server = await startServer({
      role: 'api',
      env: { ...mode.env, CHATLOG_PROJECT_IN_PLACE_MS: '0', LOG_LEVEL: 'error' },
    });
    api = new ApiClient(server.url);
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await mode?.stop();
  }, 60_000);

  it(`starts, renames, trashes and writes to ${CONVERSATIONS} conversations`, async () => {
    const numbers = Array.from({ length: CONVERSATIONS }, (_, n) => n);
    await inParallel(numbers, 8, async (n) => {
      const { id } = await ok<any>(api.post('/api/conversations', { projectId, title: `first ${n}` }));
      const conversation: Expected = { id, title: `first ${n}`, trashed: false, messages: [] };
      for (let m = prng.between(0, 3); m > 0; m--) {
        const content = `message ${m} of ${n}`;
        const message = await ok<any>(
          api.post(`/api/conversations/${id}/messages`, { role: 'user', content }),
        );
        conversation.messages.push({ id: message.id, content });
      }
      if (prng.next() < 0.5) {
        conversation.title = `renamed ${n}`;
        const renamed = await ok<any>(api.patch(`/api/conversations/${id}`, { title: conversation.title }));
        expect(renamed.title).toBe(conversation.title);
      }
      if (prng.next() < 0.2) {
        conversation.trashed = true;
        expect((await api.delete(`/api/conversations/${id}`)).status).toBe(204);
      }
      expected.push(conversation);
    });
    expect(expected).toHaveLength(CONVERSATIONS);
  }, 240_000);

  it('every PATCH by a bare message id finds its message and shows the change', async () => {
    const alive = expected.filter(({ trashed, messages }) => !trashed && messages.length > 0);
    await inParallel(alive, 8, async ({ messages }) => {
      const message = prng.pick(messages);
      message.content = `edited ${message.id}`;
      const edited = await ok<any>(api.patch(`/api/messages/${message.id}`, { content: message.content }));
      expect([edited.id, edited.content]).toEqual([message.id, message.content]);
    });
    expect(alive.length).toBeGreaterThan(CONVERSATIONS / 4);
  }, 240_000);

  it.each([7, 100, 1_000])(
    'every list page of %i is exact: each living conversation once, newest first',
    async (limit) => {
      const seen: { id: string; title?: string; createdAt: string }[] = [];
      for (let path: string | undefined = `/api/conversations?projectId=${projectId}&limit=${limit}`; path;) {
        const answer = await api.get(path);
        expect(answer.status).toBe(200);
        seen.push(...answer.json);
        path = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
        if (limit === 7 && seen.length > 140) break;
      }
      const alive = new Map(expected.filter(({ trashed }) => !trashed).map((one) => [one.id, one]));
      if (limit !== 7) expect(seen.length).toBe(alive.size);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      for (const { id, title } of seen) expect([id, title]).toEqual([id, alive.get(id)?.title]);
      const order = seen.map(({ createdAt, id }) => `${createdAt} ${id}`);
      expect(order).toEqual(order.toSorted().toReversed());
    },
    240_000,
  );

  it('every message page is exact', async () => {
    await inParallel(expected, 8, async ({ id, trashed, messages }) => {
      const answer = await api.get(`/api/conversations/${id}/messages`);
      if (trashed) {
        expect([id, answer.status]).toEqual([id, 404]);
        return;
      }
      expect(answer.json.map((row: any) => ({ id: row.id, content: row.content }))).toEqual(messages);
    });
  }, 240_000);

  it('a worker that comes back catches up by itself, and the pages stay the same', async () => {
    const before = (await api.get('/api/conversations?limit=1000')).json;
    const worker = await startServer({ role: 'worker', env: { ...mode.env, CHATLOG_SWEEP_MS: '100' } });
    try {
      const until = Date.now() + 180_000;
      let lag = Infinity;
      while (lag > 0 && Date.now() < until) lag = await pendingStreams(mode.databaseUrl);
      expect(lag).toBe(0);
      expect((await api.get('/api/conversations?limit=1000')).json).toEqual(before);
    } finally {
      await worker.stop();
    }
  }, 120_000);
});

async function ok<T>(answer: Promise<{ status: number; text: string; json: T }>): Promise<T> {
  const { status, text, json } = await answer;
  if (status >= 300) throw new Error(`${status} ${text}`);
  return json;
}

async function pendingStreams(url: string): Promise<number> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select count(*)::int as n from pending');
    return rows[0].n;
  } finally {
    await client.end();
  }
}
