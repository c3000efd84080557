import { isDeepStrictEqual } from 'node:util';
import type { ScriptedModel } from '#assistant';
import { ApiClient } from '../support/api-client.js';
import { planned, plannedLong, startBuilder } from '../support/building.js';
import { inParallel, readEvents, requestTurn, takeTurn, turnEnd } from '../support/conversation-probe.js';
import { edit, read, remove, write } from '../support/file-turns.js';
import { drillEnv } from '../support/drill-env.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

type Ids = { parent: string; child: string; grandchild: string; project: string; turn: string };

/**
 * One story through all of time travel, the server killed between any two of its steps: after each restart, everything that
 * was ever seen of any moment of any conversation, and every version's files, are the same again.
 */
describe('kill -9 between any two steps of time travel', () => {
  const prng = createPrng('time travel');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let env: Record<string, string | undefined>;

  beforeAll(async () => {
    mode = await startMode();
    model = await startBuilder();
    env = await drillEnv(mode.env, model);
    server = await startServer({ env });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it('turns that write files, forks in the middle of an answer, restore and its undo, trash: all moments stay', async () => {
    const ids = {} as Ids;
    const seen = new Seen(() => new ApiClient(server.url), prng);
    let compared = 0;
    for (const step of steps) {
      await step(new ApiClient(server.url), ids);
      await seen.record(ids);
      await server.kill9();
      server = await startServer({ env });
      compared += await seen.expectSame();
    }
    expect(new Set(await seen.heads()).size).toBe(3);
    process.stderr.write(`${steps.length} kills, ${seen.size} recorded answers, ${compared} compared\n`);
    expect(compared).toBeGreaterThan(500);
  }, 400_000);
});

/** Each leaves the story where the next one can go on, whatever the kill did to a turn that was running. */
const steps: ((api: ApiClient, ids: Ids) => Promise<void>)[] = [
  async (api, ids) => {
    ids.parent = (await created(api.post('/api/conversations', {}))).id;
    await takeTurn(api, ids.parent, planned(write('index.html', '<p>one</p>'), write('a.css', 'p{}')));
    ids.project = (await api.get(`/api/conversations/${ids.parent}`)).json.projectId;
  },
  async (api, ids) => {
    await takeTurn(
      api,
      ids.parent,
      planned(read('index.html'), edit('index.html', 'one', 'two'), remove('a.css')),
    );
  },
  async (api, ids) => {
    const { turnId, seq } = await requestTurn(api, ids.parent, plannedLong(write('late.html', 'three')));
    ids.turn = turnId;
    const deltas = async () => readEvents(api, ids.parent, seq, 'StreamDeltaReceived');
    await until(async () => (await deltas()).length > 60);
    const at = (await deltas()).at(-5)!.seq;
    ids.child = (await created(api.post(`/api/conversations/${ids.parent}/fork`, { at }))).id;
  },
  async (api, ids) => {
    await turnEnd(api, ids.parent, ids.turn);
    await takeTurn(api, ids.child, planned(write('child.html', 'child')));
  },
  async (api, ids) => void (await takeTurn(api, ids.parent, planned(write('parent.html', 'parent')))),
  async (api, ids) => {
    const seam = (await api.get(`/api/conversations/${ids.child}`)).json.forkedFrom.at as number;
    const fork = api.post(`/api/conversations/${ids.child}/fork`, { at: seam - 20, withProject: true });
    ids.grandchild = (await created(fork)).id;
  },
  async (api, ids) => {
    await takeTurn(
      api,
      ids.grandchild,
      planned(read('index.html'), write('index.html', '<p>grandchild</p>')),
    );
  },
  async (api, ids) => {
    const files = { 'index.html': { content: '<p>put</p>' } };
    const put = await api.send({ method: 'PUT', path: `/api/projects/${ids.project}`, body: { files } });
    expect(put.status).toBe(200);
  },
  async (api, ids) => restore(api, ids.project, 1),
  async (api, ids) => {
    const versions = (await api.get(`/api/projects/${ids.project}/versions`)).json as { version: number }[];
    await restore(api, ids.project, versions[0]!.version - 1);
  },
  async (api, ids) => void (await takeTurn(api, ids.child, planned({ text: 'And on.' }))),
  async (api, ids) => {
    expect((await api.delete(`/api/conversations/${ids.parent}`)).status).toBe(204);
  },
  async (api, ids) =>
    void (await takeTurn(api, ids.child, planned(write('after.html', 'the parent has gone')))),
];

async function created(answer: ReturnType<ApiClient['post']>): Promise<{ id: string }> {
  const { status, json, text } = await answer;
  if (status !== 201) throw new Error(`not created: ${status} ${text}`);
  return json;
}

async function restore(api: ApiClient, project: string, version: number): Promise<void> {
  const { status, text } = await api.post(`/api/projects/${project}/restore`, { version });
  if (status !== 200) throw new Error(`not restored: ${status} ${text}`);
}

/** What was answered once of things that never change again. */
class Seen {
  private readonly answers = new Map<string, unknown>();
  private readonly recordedTo = new Map<string, number>();

  constructor(
    private readonly api: () => ApiClient,
    private readonly prng: ReturnType<typeof createPrng>,
  ) {}

  get size(): number {
    return this.answers.size;
  }

  /** Every moment of each conversation since it was last looked at (of a fork, its first time, some of the inherited ones too). */
  async record({ parent, child, grandchild, project }: Ids): Promise<void> {
    for (const id of [parent, child, grandchild].filter(Boolean)) {
      const head =
        (await this.api().get(`/api/conversations/${id}`)).json?.seq ?? (await this.trashedHead(id));
      const from = this.recordedTo.get(id) ?? 0;
      const seqs = Array.from({ length: head - from }, (_, n) => from + n + 1);
      const chosen = seqs.filter((seq) => seq > head - 8 || this.prng.between(0, 3) === 0);
      await inParallel(chosen, 4, (seq) => this.keep(`/api/conversations/${id}/state?at=${seq}`));
      this.recordedTo.set(id, head);
    }
    const versions = (await this.api().get(`/api/projects/${project}/versions`)).json as {
      version: number;
    }[];
    for (const { version } of versions) await this.keep(`/api/projects/${project}/versions/${version}`);
  }

  /** Asks for all of it again; gives how much that was. @throws with the first that differs */
  async expectSame(): Promise<number> {
    await inParallel([...this.answers.keys()], 4, async (path) => {
      const { json } = await this.api().get(path);
      if (!isDeepStrictEqual(json, this.answers.get(path))) {
        expect({ path, json }).toEqual({ path, json: this.answers.get(path) });
      }
    });
    return this.answers.size;
  }

  /** The heads that were recorded, by conversation. */
  async heads(): Promise<string[]> {
    return [...this.recordedTo].map(([id, head]) => `${id} ${head}`);
  }

  private async keep(path: string): Promise<void> {
    if (this.answers.has(path)) return;
    const { status, json, text } = await this.api().get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    this.answers.set(path, json);
  }

  private async trashedHead(id: string): Promise<number> {
    return (
      (await readEvents(this.api(), id, this.recordedTo.get(id) ?? 0)).at(-1)?.seq ??
      this.recordedTo.get(id) ??
      0
    );
  }
}
