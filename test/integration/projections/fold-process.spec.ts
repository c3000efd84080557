import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { initialState } from '#model';
import { projectRoot } from '#platform';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { childrenOf } from '../../support/kill-family.js';
import { isRunning } from '../../support/is-running.js';
import { renamings } from '../../support/renamings.js';
import { until } from '../../support/until.js';

/** Folds that failed before run in a process of their own; `poison-folds.mjs` says what each title does there. */
jest.setTimeout(60_000);

const support = join(projectRoot(), 'test', 'support');
const foldsUrl = pathToFileURL(join(support, 'poison-folds.mjs')).href;

describe('a suspect fold', () => {
  const threads = new FoldThreads({ foldsUrl, deadlineMs: 500 });
  afterAll(() => threads.onModuleDestroy());
  const fold = (...titles: string[]) => threads.fold(renamings(...titles), 'suspect');

  it('that ends its process is an outcome that names the event, and the next is folded', async () => {
    const deadly = await fold('good', 'good too', 'poison kill conversations', 'after');
    expect(deadly).toMatchObject({
      ok: false,
      index: 2,
      late: false,
      problem: expect.stringContaining('died'),
    });
    expect(await fold('good')).toMatchObject({ ok: true });
  });

  it('that hangs is cut off at its deadline, and the next is folded', async () => {
    expect(await fold('good', 'poison hang conversations')).toMatchObject({
      ok: false,
      index: 1,
      late: true,
    });
    expect(await fold('good')).toMatchObject({ ok: true });
  });

  it('gives what the same fold gives in a thread', async () => {
    const job = renamings('one', 'another');
    expect(await threads.fold(job, 'suspect')).toEqual(await threads.fold(job, 'healthy'));
  });

  it('is what a healthy one is treated as that has much text: it has more time, and the others do not wait for it', async () => {
    let isOver = false;
    const large = threads
      .fold(renamings('poison hang conversations', 'x'.repeat(4_000_001)), 'healthy')
      .finally(() => (isOver = true));
    expect(await threads.fold(renamings('good'), 'healthy')).toMatchObject({ ok: true });
    expect(isOver).toBe(false);
    // 500 ms, 0.2 for each event, and 500 for each million characters
    expect(await large).toMatchObject({ ok: false, index: 0, problem: 'took longer than 2501.4 ms' });
  });
});

describe('folds in one message', () => {
  const threads = new FoldThreads({ foldsUrl, deadlineMs: 500 });
  afterAll(() => threads.onModuleDestroy());
  const folded = (...titles: string[]) => {
    const { events, ...job } = renamings(...titles);
    return threads.foldTogether(events, [job, { ...job, fold: 'poisoned twice' }, job]);
  };

  it('give what each gives alone', async () => {
    const [first, unknown, last] = await folded('one', 'another');
    expect(first).toEqual(await threads.fold(renamings('one', 'another'), 'healthy'));
    expect(last).toEqual(first);
    expect(unknown).toMatchObject({ ok: false, late: false, problem: 'no fold poisoned twice' });
  });

  it('name the one that hangs, and the others are folded all the same', async () => {
    const { events, ...job } = renamings('good', 'poison hang conversations');
    const other = { ...job, fold: 'evolve', context: { state: initialState('one') } };
    const outcomes = await threads.foldTogether(events, [other, job]);
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, index: 1, late: true }]);
  });
});

it('ends with the process that asked for it, even amid an endless fold', async () => {
  const asking = spawn(process.execPath, [join(support, 'hanging-fold.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(asking.stdout, 'data');
  const [folding] = childrenOf(asking.pid!);
  expect(isRunning(folding!)).toBe(true);
  asking.kill('SIGKILL');
  await until(() => !isRunning(folding!));
});
