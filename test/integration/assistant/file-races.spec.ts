import { answerWith, fileTools, type AnswerPart, type Script, type ScriptedRequest } from '#assistant';
import { LogUnavailable, type AppendUnit } from '#event-log';
import { foldProject, newId } from '#model';
import { drillSize } from '../../support/drill-size.js';
import { checkFiles, checkPlaces } from '../../support/file-history.js';
import { dataOf, edit, read, remove, streamOf, write } from '../../support/file-turns.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { projectionProcess, type ProjectionProcess } from '../../support/projections.js';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';

/*
 * Two conversations of one project take turns at once, and a person puts or restores files meanwhile. Appends get lost, and
 * answers of appends too. What each is shown, and what becomes of what it writes, must fit together in the end.
 */
jest.setTimeout(600_000);

const rounds = drillSize(40, 200);
const lanes = 4;
const paths = ['a.js', 'b.js', 'c.css'];
const random = createPrng('file races');
const principal = { tenantId: 'tenant', userId: 'user', scopes: ['*' as const] };
const refusals = /^(file_changed|file_not_read|file_not_found|no_match)$/;

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench({ tools: fileTools() });
  const append = bench.log.append.bind(bench.log);
  jest.spyOn(bench.log, 'append').mockImplementation(async (unit: AppendUnit) => {
    const roll = random.next();
    if (roll < 0.01) throw new LogUnavailable('the append was lost');
    const outcome = await append(unit);
    if (roll < 0.02) throw new LogUnavailable('the answer of the append was lost');
    return outcome;
  });
});
afterAll(() => bench.close());

/** Each turn is known by a word in its prompt, and has its own answers to come. */
const steps = new Map<string, AnswerPart[][]>();
const script: Script = (request) => answerWith(steps.get(turnOf(request))!.shift() ?? [{ text: 'Done.' }]);
const turnOf = ({ messages }: ScriptedRequest): string =>
  JSON.stringify(messages)
    .match(/turn-[0-9a-f-]+/g)!
    .at(-1)!;

let words = 0;
const anyText = (): string => `v=${(words += 1)}`;
const anyWrite = (path: string): AnswerPart =>
  random.pick([
    write(path, anyText()),
    write(path, anyText()),
    edit(path, 'v=', anyText() + 'v='),
    remove(path),
  ]);
/** Mostly as Claude does it: first it looks, then it writes. */
function anySteps(): AnswerPart[][] {
  const path = random.pick(paths);
  const other = random.pick(paths);
  return random.pick([
    [[read(path)], [anyWrite(path)]],
    [
      [read(path), read(other)],
      [anyWrite(path), anyWrite(other)],
    ],
    [[read(path)], [anyWrite(path)], [read(path), anyWrite(path)]],
    [[anyWrite(path)]],
  ]);
}

/** As a client does it: again with its key when it does not know what became of it. */
async function insistently<T>(send: (context: { commandId: string }) => Promise<T>): Promise<T> {
  const commandId = newId();
  for (;;) {
    try {
      return await send({ commandId });
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
  }
}

async function turn(streamId: string): Promise<void> {
  const name = `turn-${newId()}`;
  steps.set(name, anySteps());
  const [turnId, messageId] = [newId(), newId()];
  await insistently(({ commandId }) =>
    bench.executor.execute({ principal, bodySha256: '0', commandId }, streamId, {
      type: 'requestTurn',
      turnId,
      messageId,
      prompt: name,
    }),
  );
  await bench.runner.run(streamId, turnId);
  const end = (await bench.events(streamId)).at(-1)!;
  const { reason } = end.data as { reason?: string };
  expect([end.type, reason]).toEqual(['TurnCompleted', undefined]);
}

async function person(projectId: string, random: Prng): Promise<void> {
  const version = (await bench.projects.load(projectId))!.state.version;
  const files = Object.fromEntries(
    paths.filter(() => random.next() < 0.7).map((path) => [path, { content: anyText() }]),
  );
  await insistently(({ commandId }) => {
    const context = { principal, bodySha256: '0', commandId };
    return version > 1 && random.next() < 0.3
      ? bench.projectCommands.restore(context, { projectId, version: version - 1 })
      : bench.projectCommands.put(context, { projectId, files });
  });
}

async function lane(count: number): Promise<[projectId: string, streamIds: string[]]> {
  const context = { principal, bodySha256: '0' };
  const files = Object.fromEntries(paths.map((path) => [path, { content: anyText() }]));
  const made = await insistently((key) =>
    bench.projectCommands.create({ ...context, ...key }, { title: 'Raced', files }),
  );
  const { projectId } = made;
  const streamIds = [newId(), newId()];
  for (const conversationId of streamIds) {
    await insistently((key) =>
      bench.executor.create({ ...context, ...key }, conversationId, {
        type: 'startConversation',
        conversationId,
        projectId,
      }),
    );
  }
  for (let round = 0; round < count; round += 1)
    await Promise.all([...streamIds.map((id) => turn(id)), person(projectId, random)]);
  return [projectId, streamIds];
}

async function verdict(projectId: string, streamIds: string[]) {
  const project = await streamOf(bench, projectId);
  const hashes = dataOf(project, 'FileWritten').map(({ sha256 }) => String(sha256));
  const blobs = await bench.blobs.getMany('tenant', hashes);
  const conversations = await Promise.all(
    streamIds.map(async (streamId) => ({ streamId, log: await bench.soundEvents(streamId) })),
  );
  const logs = conversations.flatMap(({ log }) => log);
  const failures = dataOf(logs, 'ToolCallFailed');
  const unclear = failures.filter(
    ({ code, error }) => !refusals.test(String(code)) || !paths.some((path) => String(error).includes(path)),
  );
  const contents = (sha256: string): string => blobs.get(sha256)!;
  const problems = [
    ...checkFiles({ projectId, project, conversations, contents }),
    ...conversations.flatMap(({ streamId, log }) => checkPlaces(streamId, log)),
    ...unclear.map(({ code, error }) => `unclear: ${code} ${error}`),
  ];
  const succeeded = dataOf(logs, 'ToolCallSucceeded').length;
  return { refused: failures.filter(({ code }) => code === 'file_changed').length, succeeded, problems };
}

/** `state?at=` at every seq that tells of the project, and at the one behind it, beside the fold of both logs. */
async function expectStatesRight(
  views: ProjectionProcess,
  projectId: string,
  streamId: string,
): Promise<void> {
  const reader = { tenantId: 'tenant', userId: 'user' };
  await views.runner.project(projectId);
  await views.runner.project(streamId);
  const project = await streamOf(bench, projectId);
  const log = await bench.events(streamId);
  let place: number | null = null;
  for (const { seq, data } of log) {
    const { projectSeq } = data as { projectSeq?: number };
    const before = log[seq - 2]?.data as { projectSeq?: number } | undefined;
    place = projectSeq ?? place;
    if (place === null || (projectSeq === undefined && before?.projectSeq === undefined)) continue;
    const state = await views.conversations.state(reader, streamId, { at: seq, limit: 1 });
    const tree = await views.trees.at(reader, projectId, place);
    const folded = foldProject(projectId, project.slice(0, place));
    const hashes = Object.entries(folded.files).map(([path, { sha256 }]) => [path, sha256]);
    expect({
      place: state?.project,
      version: tree?.version,
      files: Object.fromEntries(Object.entries(tree!.files).map(([path, { sha256 }]) => [path, sha256])),
    }).toEqual({
      place: { id: projectId, seq: place },
      version: folded.version,
      files: Object.fromEntries(hashes),
    });
  }
}

it(`${rounds} rounds of two turns and a person on one project: nothing lost, losers told, versions in order`, async () => {
  bench.use(script);
  const raced = await Promise.all(Array.from({ length: lanes }, () => lane(Math.ceil(rounds / lanes))));
  const verdicts = await Promise.all(raced.map((streams) => verdict(...streams)));
  const refused = verdicts.reduce((sum, verdict) => sum + verdict.refused, 0);
  const succeeded = verdicts.reduce((sum, verdict) => sum + verdict.succeeded, 0);
  process.stderr.write(`${rounds} rounds: ${succeeded} calls succeeded, ${refused} lost a race\n`);
  expect(verdicts.flatMap(({ problems }) => problems)).toEqual([]);
  const [[projectId, streamIds]] = raced as [(typeof raced)[0]];
  const views = await projectionProcess(bench.url);
  for (const streamId of streamIds) await expectStatesRight(views, projectId, streamId);
  await views.close();
  // Else nobody raced, and the test has shown nothing.
  expect(refused).toBeGreaterThan(0);
});
