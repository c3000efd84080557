import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, startScriptedModel, type AnswerPart, type ScriptedModel } from '#assistant';
import type { RecordedEvent } from '#event-log';
import { CrashDrill } from '../support/crash-drill.js';
import { checkFiles } from '../support/file-history.js';
import { dataOf, edit, read, remove, write } from '../support/file-turns.js';
import { drillEnv } from '../support/drill-env.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';
import { openTurnProcess, type TurnProcess } from '../support/turn-process.js';

const KILLS = 10;

/**
 * `kill -9` of the combined process while turns write files, and someone else puts files into the same projects: no file without
 * its tool's result, no result without its file, and exactly one version of each turn that changed any.
 */
describe('kill -9 amid turns that write files', () => {
  const prng = createPrng('kill file turns');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let person: TurnProcess;
  let env: Record<string, string>;
  let words = 0;

  /** Three requests a turn, the next by how many answers it has. */
  const script = (request: { messages: { role: string; content: unknown }[] }) => {
    const asked = request.messages.findLastIndex(
      ({ role, content }) => role === 'user' && JSON.stringify(content).includes('"text"'),
    );
    const step = (request.messages.length - 1 - asked) / 2;
    const path = prng.pick(['a.js', 'b.js']);
    const text = `v=${(words += 1)}`;
    const steps: AnswerPart[][] = [
      [{ text: 'First I look.' }, read('a.js'), read('b.js')],
      [write(path, `${text} ${'word '.repeat(40)}`), edit(path, 'v=', 'v=1'), write(`${text}.js`, text)],
      [remove(path), write(path, text)],
    ];
    return answerWith(steps[step] ?? [{ text: 'That is all, and it took some words to say so. '.repeat(5) }]);
  };

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({ speed: 200, script });
    env = await drillEnv(mode.env, model);
    person = await openTurnProcess(mode.databaseUrl, model.url);
    server = await startServer({ env });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await person?.close();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  const streamOf = async (streamId: string): Promise<RecordedEvent[]> => {
    const all: RecordedEvent[] = [];
    for (;;) {
      const page = await person.log.read(streamId, { after: all.length });
      all.push(...page);
      if (page.length < 1000) return all;
    }
  };
  const projectOf = async (streamId: string): Promise<string | null> =>
    (await person.conversations.load(streamId))!.state.projectId;

  /** Someone who puts one file into a project, in a process that is not killed. */
  async function put(streamId: string): Promise<void> {
    const projectId = await projectOf(streamId);
    if (projectId === null) return;
    const { info, state } = (await person.projects.load(projectId))!;
    const principal = { tenantId: info.tenantId, userId: info.ownerId, scopes: ['*' as const] };
    const contents = await person.blobs.getMany(
      info.tenantId,
      Object.values(state.files).map(({ sha256 }) => sha256),
    );
    const files = Object.fromEntries(
      Object.entries(state.files).map(([path, { sha256 }]) => [path, { content: contents.get(sha256)! }]),
    );
    const changed = { ...files, 'a.js': { content: `v=${(words += 1)}` } };
    await person.projectCommands.put({ principal, bodySha256: '0' }, { projectId, files: changed });
  }

  async function filesOf(
    streamId: string,
  ): Promise<{ problems: string[]; versions: number; outcomes: unknown[] }> {
    const log = await streamOf(streamId);
    const projectId = (await projectOf(streamId))!;
    const project = await streamOf(projectId);
    const { tenantId } = (await person.projects.info(projectId))!;
    const hashes = dataOf(project, 'FileWritten').map(({ sha256 }) => String(sha256));
    const blobs = await person.blobs.getMany(tenantId, hashes);
    const problems = checkFiles({
      projectId,
      project,
      conversations: [{ streamId, log }],
      contents: (sha256) => blobs.get(sha256)!,
    });
    const committed = dataOf(project, 'ProjectVersionCommitted');
    return { problems, versions: committed.length, outcomes: committed.map(({ outcome }) => outcome) };
  }

  it(`${KILLS} times: files, results and versions fit together, and the log keeps all its other promises`, async () => {
    const drill = new CrashDrill(() => server.url, prng);
    await drill.start(4);
    let before: Awaited<ReturnType<typeof drill.statesSeen>> = new Map();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(prng.between(300, 1_200));
      await put(prng.pick(drill.watched).id);
      await pause(prng.between(0, 600));
      before = await drill.statesSeen();
      await server.kill9();
      server = await startServer({ env });
    }
    await pause(1_000);
    const violations = await drill.settle(before);
    const found = await Promise.all(drill.watched.map(({ id }) => filesOf(id)));
    const versions = found.reduce((sum, one) => sum + one.versions, 0);
    const interrupted = found
      .flatMap(({ outcomes }) => outcomes)
      .filter((one) => one === 'interrupted').length;
    process.stderr.write(
      `${KILLS} kills, ${versions} versions, ${interrupted} of interrupted turns, ${violations.length} violations\n`,
    );
    expect(violations).toEqual([]);
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
    // Else no kill fell where files were being written.
    expect(interrupted).toBeGreaterThan(0);
  }, 300_000);
});
