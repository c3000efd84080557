import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient, type ApiAnswer } from '../support/api-client.js';
import { freePort } from '../support/free-port.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng, quietPrng, type Prng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';

const KILLS = 8;
const CLIENTS = 3;

type Files = Record<string, string>;
/** What a client knows of its project: the files of each version, as its answers told them. */
type Known = { id: string; versions: Files[]; answers: { send: () => Promise<ApiAnswer>; first: unknown }[] };

const sent = (files: Files) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { content }]));
const received = (files: Record<string, { content: string }>): Files =>
  Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]));

/** PUT, restore, its undoing and forks, by clients that take a lost connection as a reason to ask again with the same key. */
describe('kill -9 between the steps of projects', () => {
  const prng = createPrng('kill projects');
  let mode: TestMode;
  let server: TestServer;
  let env: Record<string, string>;
  const traffic = { stopping: false };

  beforeAll(async () => {
    mode = await startMode();
    env = { ...mode.env, PORT: String(await freePort()), CHATLOG_SWEEP_MS: '200', LOG_LEVEL: 'error' };
    server = await startServer({ env });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await mode?.stop();
  }, 60_000);

  async function untilAnswered(method: string, path: string, body: unknown, key: string): Promise<ApiAnswer> {
    const request = { method, path, body, headers: { 'idempotency-key': key } };
    for (;;) {
      try {
        const answer = await new ApiClient(server.url).send(request);
        if (answer.status !== 503) return answer;
      } catch {
        // the process is gone: another one will answer
      }
      await pause(20);
    }
  }

  async function step(known: Known, method: string, path: string, body: unknown): Promise<ApiAnswer> {
    const key = randomUUID();
    const send = () => untilAnswered(method, `/api/projects${path}`, body, key);
    const answer = await send();
    expect([200, 201]).toContain(answer.status);
    known.answers.push({ send, first: answer.json });
    return answer;
  }

  async function start(): Promise<Known> {
    const files = { 'index.html': '<p>0' };
    const known: Known = { id: '', versions: [files], answers: [] };
    const answer = await step(known, 'POST', '', { title: 'Kill', files: sent(files) });
    return { ...known, id: answer.json.id as string };
  }

  async function client(known: Known, own: Prng): Promise<void> {
    for (let n = 1; !traffic.stopping; n += 1) {
      const [newest, chance] = [known.versions.length, own.next()];
      if (chance < 0.5) {
        const files = { 'index.html': `<p>${n}`, [`f${own.between(1, 4)}.js`]: `run(${own.between(1, 9)})` };
        await step(known, 'PUT', `/${known.id}`, { files: sent(files) });
        known.versions.push(files);
      } else if (chance < 0.8) {
        const version = own.between(1, newest);
        await step(known, 'POST', `/${known.id}/restore`, { version });
        if (version === newest) continue;
        known.versions.push(known.versions[version - 1]!);
        await step(known, 'POST', `/${known.id}/restore`, { version: newest });
        known.versions.push(known.versions[newest - 1]!);
      } else {
        const version = own.between(1, newest);
        const fork = await step(known, 'POST', `/${known.id}/fork`, { version });
        expect(received(fork.json.files)).toEqual(known.versions[version - 1]);
        expect(fork.json).toMatchObject({ version: 1, forkedFrom: { projectId: known.id, version } });
      }
    }
  }

  it(`${KILLS} times: every answered step stands once, and every version is whole`, async () => {
    const all = await Promise.all(Array.from({ length: CLIENTS }, start));
    const clients = all.map((known) => client(known, quietPrng(prng.between(0, 2 ** 30))));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(prng.between(200, 1_500));
      await server.kill9();
      server = await startServer({ env });
    }
    traffic.stopping = true;
    await Promise.all(clients);
    const api = new ApiClient(server.url);
    let versions = 0;
    for (const { id, versions: expected, answers } of all) {
      const project = (await api.get(`/api/projects/${id}`)).json;
      expect(project.version).toBe(expected.length);
      const listed = (await api.get(`/api/projects/${id}/versions?limit=1000`)).json as { version: number }[];
      expect(listed.map(({ version }) => version)).toEqual(expected.map((_files, n) => expected.length - n));
      for (const [index, files] of expected.entries()) {
        const whole = (await api.get(`/api/projects/${id}/versions/${index + 1}`)).json;
        expect(received(whole.files)).toEqual(files);
      }
      for (const { send, first } of answers) expect((await send()).json).toEqual(first);
      versions += expected.length;
    }
    const created =
      all.length + all.flatMap(({ answers }) => answers).filter(({ first }) => isFork(first)).length;
    expect((await api.get('/api/projects?limit=1000')).json).toHaveLength(created);
    process.stderr.write(`${KILLS} kills, ${versions} versions, ${created} projects\n`);
    expect(versions).toBeGreaterThan(KILLS);
  }, 300_000);
});

function isFork(answer: unknown): boolean {
  return (answer as { forkedFrom?: unknown }).forkedFrom !== undefined;
}
