import { Client } from 'pg';
import { ApiClient, type ApiAnswer, type ApiRequest } from './api-client.js';
import { startMode, type TestMode } from './mode.js';
import { startServer, type TestServer } from './server.js';

/** Ids of what every refused request may name. */
export type BadInputIds = {
  conversation: string;
  message: string;
  answer: string;
  turn: string;
  other: string;
  project: string;
};

/** What a refusal must say. */
export type Refusal = { status: number; code: string; field?: string };

/** A case is made late, when the ids are known. */
export type BadInputCase = [name: string, request: (ids: BadInputIds) => ApiRequest, expected: Refusal];

/**
 * A server without workers, so that nothing but the request under test could write: two conversations, one with a user message
 * and an answer that is being written (`conversation`), one with an open turn (`other`); and a project of one file.
 */
export class BadInputServer {
  private constructor(
    private readonly mode: TestMode,
    private readonly server: TestServer,
    private readonly database: Client,
    readonly api: ApiClient,
    readonly ids: BadInputIds,
  ) {}

  static async start(): Promise<BadInputServer> {
    const mode = await startMode();
    const server = await startServer({ role: 'api', env: mode.env });
    const database = new Client({ connectionString: mode.databaseUrl });
    await database.connect();
    const api = new ApiClient(server.url);
    return new BadInputServer(mode, server, database, api, await makeStreams(api));
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.server.stop();
    await this.mode.stop();
  }

  /** Sends the request, and expects exactly this refusal, as a whole problem, with the log left as it was. */
  async expectRefusal(request: ApiRequest, { status, code, field }: Refusal): Promise<ApiAnswer> {
    const before = await this.fingerprint();
    const answer = await this.api.send(request);
    const told = { status: answer.status, code: answer.json?.code, field: answer.json?.field };
    expect({ ...told, text: told.code ? '' : answer.text }).toEqual({ status, code, field, text: '' });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const { error, message, requestId } = answer.json;
    for (const text of [error, message, requestId]) expect(text).toEqual(expect.stringMatching(/./));
    expect(answer.text).not.toMatch(/\bat \w+ \(|select |insert /i);
    expect(await this.fingerprint()).toEqual(before);
    return answer;
  }

  /** All that a write could have left. */
  private async fingerprint(): Promise<unknown> {
    const tables = ['events', 'streams', 'commands', 'entities', 'turns', 'blobs'];
    const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`);
    const { rows } = await this.database.query(`select ${counts.join(', ')}`);
    return rows[0];
  }
}

async function makeStreams(api: ApiClient): Promise<BadInputIds> {
  const conversation = (await api.post('/api/conversations', { title: 'one' })).json.id;
  const other = (await api.post('/api/conversations', {})).json.id;
  const messages = `/api/conversations/${conversation}/messages`;
  const message = (await api.post(messages, { role: 'user', content: 'hello' })).json.id;
  const pending = { role: 'assistant', content: '', streamingStatus: 'pending' };
  const answer = (await api.post(messages, pending)).json.id;
  const turn = (await api.post(`/api/conversations/${other}/turns`, { prompt: 'go' })).json.turnId;
  const files = { 'index.html': { content: '<p>' } };
  const project = (await api.post('/api/projects', { title: 'page', files })).json.id;
  return { conversation, other, message, answer, turn, project };
}

function withIds(path: string, ids: BadInputIds): string {
  return path.replace(/\$(\w+)/g, (_, name: keyof BadInputIds) => ids[name]);
}

/** A request whose path names ids as `$conversation`. */
export const get =
  (path: string, headers?: Record<string, string>) =>
  (ids: BadInputIds): ApiRequest => ({ path: withIds(path, ids), headers });

export const write =
  (method: string, path: string, body?: unknown, more: Partial<ApiRequest> = {}) =>
  (ids: BadInputIds): ApiRequest => ({ method, path: withIds(path, ids), body, ...more });

export const post = (path: string, body?: unknown, more?: Partial<ApiRequest>): ReturnType<typeof write> =>
  write('POST', path, body, more);

/** A 400. */
export const bad = (code: string, field?: string): Refusal => ({ status: 400, code, field });

export const here = '/api/conversations/$conversation';
