import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, hasToolResult, promptOf, startScriptedModel, type ScriptedModel } from '#assistant';
import { ApiClient, type ApiAnswer } from '../support/api-client.js';
import { inParallel, readEvents, turnEnd } from '../support/conversation-probe.js';
import { drillEnv } from '../support/drill-env.js';
import { startMode, type TestMode } from '../support/mode.js';
import { startServer, type TestServer } from '../support/server.js';

const external = Boolean(process.env.CHATLOG_TEST_DATABASE_URL);

type Json = Record<string, any>;

/** `kill -9` of the combined process after each step of a story of forks, versions and restores. */
describe('kill -9 between any two steps', () => {
  let mode: TestMode | undefined;
  let folder: string;
  let model: ScriptedModel;
  let server: TestServer;
  let env: Record<string, string>;
  /** What `state?at=k` said, by conversation and k: it must say so for ever. */
  const states = new Map<string, string[]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chatlog-forks-'));
    // run by root, the embedded server is another user
    await chmod(folder, 0o711);
    mode = external ? await startMode() : undefined;
    model = await startScriptedModel({
      script: (request) => {
        const prompt = promptOf(request);
        if (prompt.endsWith('slow')) return { ...answerWith([{ text: 'word '.repeat(2_000) }]), speed: 8 };
        const [, path, content] = /write (\S+) (\S+)$/.exec(prompt) ?? [];
        if (!path || hasToolResult(request)) return { ...answerWith([{ text: 'Done.' }]), speed: 0 };
        const parts = [
          { tool: 'Read', input: { file_path: path } },
          { tool: 'Write', input: { file_path: path, content } },
        ];
        return { ...answerWith(parts), speed: 0 };
      },
    });
    env = await drillEnv(mode?.env ?? { CHATLOG_DATA_DIR: join(folder, 'data') }, model);
    server = await startServer({ env });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await mode?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const api = (): ApiClient => new ApiClient(server.url);
  const get = async (path: string): Promise<ApiAnswer> => {
    const answer = await api().get(path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  };

  async function post(path: string, body: Json, key: string): Promise<Json> {
    const answer = await api().post(path, body, { 'idempotency-key': key });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async function turn(id: string, prompt: string): Promise<void> {
    const { turnId } = await post(
      `/api/conversations/${id}/turns`,
      { prompt },
      `${id} ${prompt}`.replaceAll(' ', '-'),
    );
    const end = await turnEnd(api(), id, turnId, 60_000);
    expect([prompt, end.type]).toEqual([prompt, 'TurnCompleted']);
  }

  /** Asks for the state at every seq that the conversations have come to. */
  async function record(): Promise<void> {
    for (const [id, known] of states) {
      const { seq } = (await get(`/api/conversations/${id}?includeTrashed=true`)).json;
      while (known.length < seq)
        known.push((await get(`/api/conversations/${id}/state?at=${known.length + 1}`)).text);
    }
  }

  async function crash(): Promise<void> {
    await record();
    await server.kill9();
    server = await startServer({ env });
    const all = [...states].flatMap(([id, known]) =>
      known.map((text, index) => ({ id, at: index + 1, text })),
    );
    await inParallel(all, 6, async ({ id, at, text }) => {
      const now = (await get(`/api/conversations/${id}/state?at=${at}`)).text;
      expect({ id, at, state: JSON.parse(now) }).toEqual({ id, at, state: JSON.parse(text) });
    });
  }

  it('changes no state of any conversation, forks and their parents included', async () => {
    const { id: parent } = await post('/api/conversations', {}, 'parent');
    states.set(parent, []);
    await turn(parent, 'write index.html one');
    await crash();
    await turn(parent, 'write index.html two');
    const { projectId } = (await get(`/api/conversations/${parent}`)).json;
    await crash();

    // in the middle of an answer: the parent's is cut off by the crash, the fork's half is kept at once
    const slow = await post(`/api/conversations/${parent}/turns`, { prompt: 'slow' }, 'slow');
    while ((await readEvents(api(), parent, slow.seq)).length < 12) await pause(20);
    const child = await post(`/api/conversations/${parent}/fork`, { withProject: true }, 'child');
    states.set(child.id, []);
    await crash();
    expect(await post(`/api/conversations/${parent}/fork`, { withProject: true }, 'child')).toEqual(child);
    expect((await turnEnd(api(), parent, slow.turnId)).type).toBe('TurnInterrupted');

    await turn(parent, 'write index.html three');
    await crash();
    await turn(child.id, 'write index.html other');
    await crash();
    const { at } = child.forkedFrom;
    const grandchild = await post(`/api/conversations/${child.id}/fork`, {}, 'grandchild');
    const inherited = await post(`/api/conversations/${child.id}/fork`, { at: at - 5 }, 'inherited');
    states.set(grandchild.id, []).set(inherited.id, []);
    await crash();
    await turn(grandchild.id, 'write page.html more');
    await turn(inherited.id, 'hello');
    await crash();
    await api().delete(`/api/conversations/${parent}`);
    await crash();

    const contentOf = async (id: string): Promise<string> =>
      (await get(`/api/projects/${id}`)).json.files['index.html'].content;
    const { version } = (await get(`/api/projects/${projectId}`)).json;
    await post(`/api/projects/${projectId}/restore`, { version: 1 }, 'restore');
    await crash();
    expect([await contentOf(projectId), await contentOf(child.projectId)]).toEqual(['one', 'other']);
    await post(`/api/projects/${projectId}/restore`, { version }, 'undo');
    await crash();
    expect([await contentOf(projectId), await contentOf(child.projectId)]).toEqual(['three', 'other']);

    const upToSeam = (id: string, seam: number) =>
      states
        .get(id)!
        .slice(0, seam)
        .map((text) => text.replaceAll(id, parent));
    expect(upToSeam(child.id, at)).toEqual(states.get(parent)!.slice(0, at));
    expect(upToSeam(inherited.id, at - 5)).toEqual(states.get(parent)!.slice(0, at - 5));
    const seam = grandchild.forkedFrom.at;
    expect(
      states
        .get(grandchild.id)!
        .slice(0, seam)
        .map((text) => text.replaceAll(grandchild.id, child.id)),
    ).toEqual(states.get(child.id)!.slice(0, seam));
    const [kept] = JSON.parse(states.get(child.id)![at + 1]!).messages.slice(-1);
    expect(kept).toMatchObject({ streamingStatus: 'error', metadata: { reason: 'forked' } });
    const total = [...states.values()].reduce((sum, known) => sum + known.length, 0);
    process.stderr.write(`${total} states of ${states.size} conversations, equal after each of 10 kills\n`);
  }, 400_000);
});
