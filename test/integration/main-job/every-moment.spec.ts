import { Client } from 'pg';
import type { ScriptedModel } from '#assistant';
import { foldProject, type LoggedEvent } from '#model';
import { ApiClient } from '../../support/api-client.js';
import { planned, plannedLong, startBuilder } from '../../support/building.js';
import { inParallel, readEvents, requestTurn, takeTurn, turnEnd } from '../../support/conversation-probe.js';
import { edit, read, remove, write } from '../../support/file-turns.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { Oracle } from '../../support/projection-oracle.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

/** What the whole service says of every moment, beside folds of the two logs as they stand in the database. */
describe('every moment of conversations that build one project', () => {
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let database: Client;
  let api: ApiClient;

  beforeAll(async () => {
    mode = await startMode();
    model = await startBuilder();
    server = await startServer({
      env: { ...mode.env, ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url, LOG_LEVEL: 'error' },
    });
    api = new ApiClient(server.url);
    database = new Client({ connectionString: mode.databaseUrl });
    await database.connect();
  }, 90_000);
  afterAll(async () => {
    await database?.end();
    await server?.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it('with tools, five versions, a restore, a cancelled turn and two branches', async () => {
    const id = (await api.post('/api/conversations', {})).json.id as string;
    await takeTurn(
      api,
      id,
      planned({ text: 'Two files.' }, write('index.html', '<p>a</p>'), write('a.css', 'p{}')),
    );
    const failing = edit('index.html', 'not there', 'x');
    const second = planned(read('index.html'), edit('index.html', 'a', 'b'), failing, remove('a.css'));
    await takeTurn(api, id, second);
    await takeTurn(api, id, planned(write('app.js', '1'), write('../app.js', 'out of the project')));
    const { projectId } = (await api.get(`/api/conversations/${id}`)).json;
    expect((await api.post(`/api/projects/${projectId}/restore`, { version: 1 })).status).toBe(200);
    const cancelled = await requestTurn(api, id, plannedLong(write('late.html', 'kept')));
    await until(async () => (await readEvents(api, id, cancelled.seq, 'StreamDeltaReceived')).length > 40);
    expect((await api.post(`/api/turns/${cancelled.turnId}/cancel`, {})).status).toBe(200);
    await turnEnd(api, id, cancelled.turnId);
    const rows = (await api.get(`/api/conversations/${id}/messages`)).json as { id: string; role: string }[];
    const answer = rows.find(({ role }) => role === 'assistant');
    const again = await api.post(`/api/messages/${answer?.id}/regenerate`, {});
    expect(again.status).toBe(202);
    await turnEnd(api, id, again.json.turnId);
    await takeTurn(api, id, planned({ text: 'No tools.' }));
    const versions = (await api.get(`/api/projects/${projectId}/versions`)).json as { version: number }[];
    expect(versions.length).toBeGreaterThanOrEqual(5);
    await expectEveryMoment(id);
  }, 180_000);

  it('while two of them and a person write at once', async () => {
    const project = (
      await api.post('/api/projects', { title: 'Shared', files: { 'index.html': { content: '0' } } })
    ).json;
    const ids: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      ids.push((await api.post('/api/conversations', { projectId: project.id })).json.id);
    }
    const person = async (): Promise<void> => {
      for (let n = 0; n < 8; n += 1) {
        const files = { 'index.html': { content: `person ${n}` } };
        expect(
          (await api.send({ method: 'PUT', path: `/api/projects/${project.id}`, body: { files } })).status,
        ).toBe(200);
      }
    };
    const builder = async (id: string): Promise<void> => {
      for (let n = 0; n < 4; n += 1) {
        const parts = [
          write(`${id}.css`, `${n}`),
          read('index.html'),
          write('index.html', `${id} ${n}`),
          remove(`${id}.css`),
        ];
        await takeTurn(api, id, planned(...parts));
      }
    };
    await Promise.all([person(), ...ids.map(builder)]);
    for (const id of ids) await expectEveryMoment(id);
  }, 180_000);

  async function expectEveryMoment(id: string): Promise<void> {
    const events = await logged(id);
    const { epoch } = (await api.get(`/api/conversations/${id}`)).json;
    const projects = new Map<string, LoggedEvent[]>();
    let place = null as { id: string; seq: number } | null;
    const places: (typeof place)[] = [];
    for (const event of events) {
      const { projectId, projectSeq } = event.data as {
        projectId?: string | null;
        projectSeq?: number | null;
      };
      if (projectId != null && projectSeq != null) place = { id: projectId, seq: projectSeq };
      if (place && !projects.has(place.id)) projects.set(place.id, await logged(place.id));
      places.push(place);
    }
    const seqs = events.map(({ seq }) => seq);
    let trees = 0;
    await inParallel(seqs, 4, async (k) => {
      const { status, json } = await api.get(`/api/conversations/${id}/state?at=${k}&limit=1000`);
      const oracle = new Oracle(id, events.slice(0, k), epoch);
      const now = places[k - 1];
      const folded = now && foldProject(now.id, projects.get(now.id)!.slice(0, now.seq));
      expect({ k, status, conversation: json.conversation, messages: json.messages }).toEqual({
        k,
        status: 200,
        conversation: oracle.conversation(),
        messages: oracle.page(),
      });
      if (!folded) return;
      trees += 1;
      const shown = hashes(json.project.files);
      const kept = hashes(folded.files);
      expect({ k, id: json.project.id, files: shown }).toEqual({
        k,
        id: now.id,
        files: kept,
      });
      expect(json.project.version).toBe(committed(projects.get(now.id)!.slice(0, now.seq)));
    });
    process.stderr.write(`${seqs.length} moments, ${trees} of them with a project's tree\n`);
    expect(trees).toBeGreaterThan(50);
  }

  async function logged(streamId: string): Promise<LoggedEvent[]> {
    const { rows } = await database.query(
      `SELECT seq::int, type, recorded_at AS at, schema_version AS "schemaVersion", data, metadata
         FROM events WHERE stream_id = $1 ORDER BY seq`,
      [streamId],
    );
    return rows.map((row) => ({ ...row, at: (row.at as Date).toISOString() })) as LoggedEvent[];
  }
});

/** The number of the last version, 0 where none was committed. */
function committed(events: LoggedEvent[]): number {
  const last = events.findLast(({ type }) => /^ProjectVersion(Committed|Restored)$/.test(type));
  return (last?.data as { version: number } | undefined)?.version ?? 0;
}

function hashes(files: Record<string, { sha256: string }>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, { sha256 }]) => [path, sha256]));
}
