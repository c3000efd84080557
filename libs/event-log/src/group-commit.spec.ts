import type { Pool, QueryConfig } from 'pg';
import { held, streamNamed } from '../../../test/support/held-units.js';
import { IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from './errors.js';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

type Flush = { streams: string[]; counts: number[]; commit: () => void; fail: (code: string) => void };

/** A pool whose statements end when the test says so. */
function stage(options: Partial<GroupCommitOptions> = {}) {
  const flushes: Flush[] = [];
  const query = async ({ text, values }: QueryConfig) => {
    const [streams, , counts] = values as [string[], number[], number[]];
    if (text.includes('sort_units')) {
      const units = [...new Set(values![0] as number[])];
      return {
        rows: units.map((unit) => ({
          unit,
          verdict: 'beaten',
          beaten_on: (values![1] as string[])[(values![0] as number[]).indexOf(unit)],
        })),
      };
    }
    return new Promise((resolve, reject) => {
      const commit = () => resolve({ rows: [{ ats: streams.map(() => 0) }] });
      const fail = (code: string) => reject(Object.assign(new Error('failed'), { code }));
      flushes.push({ streams, counts, commit, fail });
    });
  };
  const client = {
    query,
    on: () => client,
    off: () => client,
    release: () => undefined,
    end: () => undefined,
  };
  const pool = { connect: async () => client } as unknown as Pool;
  const limits = {
    flushMaxBytes: 131_072,
    flushMaxMs: 25,
    flights: 2,
    bufferMaxBytes: 1_000_000,
    bufferMaxUnits: 100,
    ...options,
  };
  const commits = new GroupCommit(pool, limits, () => undefined);
  return { commits, flushes };
}

/** A time, and after it the end of the event loop's turn: on a busy machine a timer of 1 ms is due before the immediates. */
const pause = async (ms: number) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const named = (...names: string[]) => names.map(streamNamed);
/** Settled or not, without waiting for it. */
const stateOf = async (promise: Promise<unknown>) =>
  Promise.race([
    promise.then(
      () => 'done',
      () => 'failed',
    ),
    pause(1).then(() => 'waiting'),
  ]);

describe('a flush', () => {
  it('takes all that came while the one before was on its way', async () => {
    const { commits, flushes } = stage({ flushMaxMs: 60_000 });
    const first = commits.submit(held({ a: 1 }));
    await pause(1);
    const others = [
      commits.submit(held({ c: 1 })),
      commits.submit(held({ b: 1 })),
      commits.submit(held({ c: 2 })),
    ];
    await pause(1);
    expect(flushes.map(({ streams }) => streams)).toEqual([named('a')]);
    flushes[0]!.commit();
    await first;
    await pause(1);
    expect(flushes.slice(1).map(({ streams, counts }) => [streams, counts])).toEqual([
      [named('b', 'c'), [1, 2]],
    ]);
    flushes[1]!.commit();
    await Promise.all(others);
  });

  it('that is slow does not hold up the rest for longer than flushMaxMs', async () => {
    const { commits, flushes } = stage({ flushMaxMs: 25 });
    const slow = commits.submit(held({ a: 1 }));
    await pause(1);
    const [behind, other] = [commits.submit(held({ a: 2 })), commits.submit(held({ b: 1 }))];
    await pause(1);
    expect(flushes).toHaveLength(1);
    await pause(60);
    expect(flushes.map(({ streams }) => streams)).toEqual([named('a'), named('b')]);
    flushes[1]!.commit();
    await other;
    expect(await stateOf(behind)).toBe('waiting');
    flushes[0]!.commit();
    await slow;
    await pause(5);
    flushes[2]!.commit();
    await behind;
  });

  it('leaves beside the one on its way when the buffer holds a flush full', async () => {
    const { commits, flushes } = stage({ flushMaxMs: 60_000, flushMaxBytes: held({ b: 1 }).bytes * 2 });
    const all = [commits.submit(held({ a: 1 }))];
    await pause(1);
    for (const name of ['b', 'c', 'd']) all.push(commits.submit(held({ [name]: 1 })));
    await pause(1);
    expect(flushes.map(({ streams }) => streams)).toEqual([named('a'), named('b', 'c')]);
    flushes.forEach(({ commit }) => commit());
    await pause(5);
    flushes[2]!.commit();
    await Promise.all(all);
  });
});

describe('a unit that the buffer refuses', () => {
  it('at a seq that is held fails when the fate of the holder is known, not before', async () => {
    const { commits, flushes } = stage();
    const holder = commits.submit(held({ a: 1 }));
    const refused = commits.submit(held({ a: 1 }));
    await pause(5);
    expect(await stateOf(refused)).toBe('waiting');
    flushes[0]!.commit();
    await holder;
    await expect(refused).rejects.toEqual(new WrongExpectedVersion(streamNamed('a'), 1));
    expect(flushes).toHaveLength(1);
  });

  it('with a command that is held gets its answer, or 422 for another body', async () => {
    const { commits, flushes } = stage();
    const holder = held({ a: 1 }, { commandId: 'k' });
    const other = held({ a: 1 }, { commandId: 'k' });
    other.unit.command!.bodySha256 = 'another';
    const [first, again, reused] = [holder, held({ b: 7 }, { commandId: 'k' }), other].map((unit) =>
      commits.submit(unit),
    );
    await pause(1);
    flushes[0]!.commit();
    await expect(first).resolves.toMatchObject({ status: 'committed' });
    await expect(again).resolves.toMatchObject({
      status: 'answered',
      command: { streamId: streamNamed('a'), seqFrom: 2, seqTo: 2 },
    });
    await expect(reused).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });

  it('is refused at once when the buffer is full, and taken again when it is not', async () => {
    const { commits, flushes } = stage({ bufferMaxUnits: 2 });
    const taken = [commits.submit(held({ a: 1 })), commits.submit(held({ b: 1 }))];
    await expect(commits.submit(held({ c: 1 }))).rejects.toBeInstanceOf(LogUnavailable);
    await pause(1);
    flushes[0]!.commit();
    await Promise.all(taken);
    const next = commits.submit(held({ c: 1 }));
    await pause(1);
    flushes[1]!.commit();
    await next;
  });
});

describe('a unit that is beaten', () => {
  it('takes along those that wait behind it, on its streams and on theirs: they are never sent', async () => {
    const { commits, flushes } = stage({ flushMaxMs: 60_000 });
    const first = commits.submit(held({ a: 1 }));
    await pause(1);
    const behind = [commits.submit(held({ a: 2, b: 1 })), commits.submit(held({ b: 2 }))];
    const apart = commits.submit(held({ c: 1 }));
    flushes[0]!.fail('23505');
    const settled = await Promise.allSettled([first, ...behind]);
    for (const one of settled) expect(one).toMatchObject({ reason: { name: 'WrongExpectedVersion' } });
    await pause(1);
    expect(flushes.slice(1).map(({ streams }) => streams)).toEqual([named('c')]);
    flushes[1]!.commit();
    await apart;
  });
});

it('is drained when no fate is open', async () => {
  const { commits, flushes } = stage();
  const unit = commits.submit(held({ a: 1 }));
  const drained = commits.drained();
  await pause(5);
  expect(await stateOf(drained)).toBe('waiting');
  flushes[0]!.commit();
  await Promise.all([unit, drained]);
});
