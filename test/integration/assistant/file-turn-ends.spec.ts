import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, fileTools, type Reply } from '#assistant';
import type { RecordedEvent } from '#event-log';
import { newId } from '#model';
import { deferred } from '../../support/deferred.js';
import { dataOf, edit, read, streamOf, treeAt, write } from '../../support/file-turns.js';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';
import type { TurnProcess } from '../../support/turn-process.js';

let bench: TurnBench;
let runner: TurnProcess;
beforeAll(async () => {
  bench = await openTurnBench({ tools: fileTools() });
  // Its lease is never renewed in time: others may end its turns while it waits for the model.
  runner = await bench.another({ config: { leaseMs: 1_500, heartbeatMs: 600_000 }, tools: fileTools() });
});
afterAll(() => bench.close());

const principal = { tenantId: 'tenant', userId: 'user', scopes: ['*' as const] };
const context = { principal, bodySha256: '0'.repeat(64) };

type Started = { streamId: string; turnId: string; running: Promise<unknown> };

/** A turn that has written a file, and whose next model call gets `reply`. */
async function halfWay(reply: Reply, where: TurnProcess = bench): Promise<Started> {
  const streamId = await bench.conversation();
  let call = 0;
  const asked = deferred();
  bench.use(() => {
    call += 1;
    if (call === 1) return answerWith([write('a', 'one'), edit('a', 'one', 'two')]);
    asked.resolve();
    return reply;
  });
  const turnId = await bench.ask(streamId, 'Write a.');
  const running = where.runner.run(streamId, turnId);
  await Promise.race([asked.promise, running]);
  return { streamId, turnId, running };
}

async function expectOneVersion({ streamId, turnId }: Started, type: string): Promise<RecordedEvent[]> {
  const log = await bench.soundEvents(streamId);
  const end = log.find((event) => event.type.startsWith('Turn') && event.seq > 3 && event.type === type)!;
  const projectId = (await bench.state(streamId)).projectId!;
  const project = await streamOf(bench, projectId);
  expect(dataOf(project, 'ProjectVersionCommitted')).toEqual([
    {
      version: 1,
      turnId,
      conversationId: streamId,
      conversationSeq: end.seq,
      outcome: type.replace('Turn', '').toLowerCase(),
    },
  ]);
  expect(end.data).toMatchObject({ projectId, projectSeq: project.length, projectVersion: 1 });
  expect(await treeAt(bench, projectId)).toEqual({ a: 'two' });
  expect(await bench.log.turnRow(streamId)).toBeNull();
  return log;
}

it('a person who stops a turn commits what it had finished, once, however often it is asked', async () => {
  const started = await halfWay({ kind: 'hang' });
  const cancel = { ...context, commandId: newId() };
  const command = { type: 'cancelTurn' as const, turnId: started.turnId };
  const answers = await Promise.all(
    [1, 2, 3].map(() => bench.executor.execute(cancel, started.streamId, command)),
  );
  expect(new Set(answers.map(({ seqTo }) => seqTo)).size).toBe(1);
  expect(await started.running).toBe('lost');
  await expectOneVersion(started, 'TurnCancelled');
});

it('the settler commits what a runner left whose lease ran out', async () => {
  const started = await halfWay({ kind: 'hang' }, runner);
  while (!(await bench.settler.settleIfExpired(started.streamId))) await pause(20);
  await expectOneVersion(started, 'TurnInterrupted');
  expect(await started.running).toBe('lost');
});

it('a process that stops commits what its turn had finished', async () => {
  const stopping = await bench.another();
  const started = await halfWay({ kind: 'hang' }, stopping);
  await stopping.runner.shutdown('interrupt');
  expect(await started.running).toBe('interrupted');
  await expectOneVersion(started, 'TurnInterrupted');
});

it('a turn that fails commits what it had finished', async () => {
  const started = await halfWay({
    kind: 'refusal',
    status: 400,
    errorType: 'invalid_request_error',
    message: 'no',
  });
  expect(await started.running).toBe('failed');
  await expectOneVersion(started, 'TurnFailed');
});

it('the row that was in flight says of which version it is', async () => {
  const items = [
    { type: 'message_start', message: { id: 'm', role: 'assistant', content: [], usage: {} } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half' } },
    { do: 'cut' as const },
  ];
  const started = await halfWay({ kind: 'stream', items });
  expect(await started.running).toBe('interrupted');
  await expectOneVersion(started, 'TurnInterrupted');
  const row = Object.values((await bench.state(started.streamId)).messages).at(-1);
  expect(row).toMatchObject({ content: 'Half', metadata: { outcome: 'interrupted', projectVersion: 1 } });
});

it('a turn that changed nothing is ended without a version, in a project as without one', async () => {
  const { streamId, running } = await halfWay(answerWith([{ text: 'Done.' }]));
  expect(await running).toBe('completed');
  let call = 0;
  const asked = deferred();
  bench.use(() => {
    call += 1;
    if (call === 1) return answerWith([read('a')]);
    asked.resolve();
    return { kind: 'hang' };
  });
  const turnId = await bench.ask(streamId, 'Only look.');
  const looking = bench.runner.run(streamId, turnId);
  await asked.promise;
  await bench.command(streamId, { type: 'cancelTurn', turnId });
  expect(await looking).toBe('lost');
  const project = await streamOf(bench, (await bench.state(streamId)).projectId!);
  expect(dataOf(project, 'ProjectVersionCommitted')).toHaveLength(1);
  expect((await bench.events(streamId)).at(-1)?.data).not.toHaveProperty('projectVersion');
});
