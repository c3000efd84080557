import { Logger } from '@nestjs/common';
import type { LoggedEvent } from '#model';
import type { FoldJob, FoldOutcome } from '../folding/fold-messages.js';
import type { FoldThreads } from '../folding/fold-threads.js';
import type { FoldedChanges } from '../projection.js';
import { ReadFolds } from './read-folds.js';

beforeAll(() => Logger.overrideLogger(false));

const events = [1, 2, 3].map((seq): LoggedEvent => {
  return { seq, type: 'X', at: '', schemaVersion: 1, data: {}, metadata: {} };
});
const request = { streamId: 's', fold: 'messages', context: null, events, suspect: true } as const;

/** A thread that is late, or fails, with these events so often, and then folds. */
function folding(trouble: Record<number, { times: number; late: boolean }>) {
  const asked: number[][] = [];
  const fold = async (job: FoldJob): Promise<FoldOutcome<FoldedChanges>> => {
    asked.push(job.events.map(({ seq }) => seq));
    const index = job.events.findIndex(({ seq }) => (trouble[seq]?.times ?? 0) > 0);
    if (index === -1) return { ok: true, changes: { markers: [] } as unknown as FoldedChanges };
    const one = trouble[job.events[index]!.seq]!;
    one.times -= 1;
    return { ok: false, index, problem: one.late ? 'late' : 'thrown', late: one.late };
  };
  return { folds: new ReadFolds({ fold } as unknown as FoldThreads), asked };
}

const markersOf = async (folds: ReadFolds) => (await folds.fold({ ...request })).markers;

it('folds an event again that was late once', async () => {
  const { folds, asked } = folding({ 2: { times: 1, late: true } });
  expect(await markersOf(folds)).toEqual([]);
  expect(asked).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

it('shows one in its place that is late again, and knows it from then on', async () => {
  const { folds, asked } = folding({ 2: { times: 2, late: true } });
  const marker = { seq: 2, type: 'X', problem: 'late' };
  expect(await markersOf(folds)).toEqual([marker]);
  expect(await markersOf(folds)).toEqual([marker]);
  expect(asked.slice(2)).toEqual([
    [1, 3],
    [1, 3],
  ]);
});

it('takes what throws at its word', async () => {
  const { folds, asked } = folding({ 3: { times: 1, late: false } });
  expect(await markersOf(folds)).toEqual([{ seq: 3, type: 'X', problem: 'thrown' }]);
  expect(asked).toEqual([
    [1, 2, 3],
    [1, 2],
  ]);
});
