import { answerWith } from '#assistant';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench({
    config: { sweepMs: 50, leaseMs: 2_000, heartbeatMs: 200, turnStartTimeoutMs: 3_000 },
  });
  bench.use(() => answerWith([{ text: 'Here.' }]));
});
afterAll(() => bench.close());

const jobsFor = (streamId: string): unknown[] => bench.jobs.filter((job) => job.streamId === streamId);

it('offers a turn that nobody started to the queue, again and again but ever less often, until someone runs it', async () => {
  const streamId = await bench.conversation();
  const turnId = await bench.ask(streamId, 'Lost?');
  bench.jobs.length = 0;
  const begunAt = Date.now();
  while (Date.now() - begunAt < 2_500) {
    await bench.reaper.sweep();
    await pause(50);
  }
  // First after a second: the turn's own job was just enqueued. Then after two more.
  expect(jobsFor(streamId)).toEqual([{ streamId, turnId }]);
  expect(await bench.runner.run(streamId, turnId)).toBe('completed');
  bench.jobs.length = 0;
  await bench.reaper.sweep();
  expect(bench.jobs).toEqual([]);
});

it('offers a turn again whose runner died before it started it, and leaves one alone that is running', async () => {
  const [dead, alive] = [await bench.conversation(), await bench.conversation()];
  const turnId = await bench.ask(dead, 'Dead');
  await bench.log.claimTurn({ streamId: dead, turnId, owner: 'killed', leaseMs: 100 });
  bench.use(() => ({ kind: 'hang' }));
  await bench.ask(alive, 'Alive');
  const running = bench.runner.run(alive);
  bench.jobs.length = 0;
  const begunAt = Date.now();
  while (jobsFor(dead).length === 0 && Date.now() - begunAt < 5_000) {
    await bench.reaper.sweep();
    await pause(50);
  }
  expect(jobsFor(dead)).toContainEqual({ streamId: dead, turnId });
  // Its lease was renewed meanwhile.
  expect((await bench.log.turnRow(alive))?.leaseRuns).toBe(true);
  bench.use(() => answerWith([{ text: 'Here.' }]));
  expect(await bench.runner.run(dead)).toBe('completed');
  await bench.command(alive, { type: 'cancelTurn', turnId: (await bench.log.turnRow(alive))!.turnId });
  expect(await running).toBe('lost');
});

it('by its timer, ends what was started and is owned by nobody, and what could not be started for too long', async () => {
  const [started, never] = [await bench.conversation(), await bench.conversation()];
  const turnId = await bench.ask(started, 'Started');
  await bench.log.claimTurn({ streamId: started, turnId, owner: 'killed', leaseMs: 100 });
  const { seq } = await bench.state(started);
  const data = { turnId, owner: 'killed' };
  const events = [{ eventId: turnId, type: 'TurnStarted', schemaVersion: 1, data, metadata: { turnId } }];
  await bench.log.append({ appends: [{ streamId: started, tenantId: 'tenant', expectedSeq: seq, events }] });
  await bench.ask(never, 'Never');
  bench.reaper.start();
  while ((await bench.log.turnRow(started)) ?? (await bench.log.turnRow(never))) await pause(50);
  await bench.reaper.stop();
  expect((await bench.soundEvents(started)).at(-1)).toMatchObject({
    type: 'TurnInterrupted',
    data: { turnId, reason: 'lease_expired' },
  });
  expect((await bench.soundEvents(never)).at(-1)).toMatchObject({
    type: 'TurnFailed',
    data: { code: 'not_started' },
  });
}, 20_000);
