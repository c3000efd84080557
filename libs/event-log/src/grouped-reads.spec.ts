import { GroupedReads, type NextRead } from './grouped-reads.js';
import type { RecordedEvent } from './types.js';

/** Statements that answer when they are told to. */
function heldReads() {
  const statements: { reads: readonly NextRead[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const grouped = new GroupedReads(
    (reads) =>
      new Promise((resolve, reject) => {
        const answers = reads.map(({ streamId, after }) => [
          { streamId, seq: after + 1 } as unknown as RecordedEvent,
        ]);
        statements.push({ reads, answer: () => resolve(answers), fail: reject });
      }),
  );
  return { grouped, statements };
}

const next = (streamId: string, after = 0): NextRead => ({ streamId, after, limit: 8 });
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('asks one statement at a time, for all that was asked meanwhile, and gives each its own', async () => {
  const { grouped, statements } = heldReads();
  const first = grouped.read(next('a'));
  const others = [grouped.read(next('b', 4)), grouped.read(next('c', 7))];
  await turnOfTheLoop();
  expect(statements.map(({ reads }) => reads.length)).toEqual([1]);
  statements[0]!.answer();
  expect(await first).toEqual([{ streamId: 'a', seq: 1 }]);
  await turnOfTheLoop();
  expect(statements.map(({ reads }) => reads.length)).toEqual([1, 2]);
  statements[1]!.answer();
  expect(await Promise.all(others)).toEqual([[{ streamId: 'b', seq: 5 }], [{ streamId: 'c', seq: 8 }]]);
});

it('asks the same once, but never lets a statement that has begun answer what was asked later', async () => {
  const { grouped, statements } = heldReads();
  const begun = grouped.read(next('a'));
  const later = [grouped.read(next('a')), grouped.read(next('a'))];
  statements[0]!.answer();
  await begun;
  await turnOfTheLoop();
  expect(statements[1]!.reads).toHaveLength(1);
  statements[1]!.answer();
  const [one, same] = await Promise.all(later);
  expect(one).toBe(same);
  expect(statements).toHaveLength(2);
});

it('tells a failure to all who waited for the statement, and goes on', async () => {
  const { grouped, statements } = heldReads();
  const first = grouped.read(next('a'));
  const waiting = Promise.allSettled([grouped.read(next('b')), grouped.read(next('c'))]);
  statements[0]!.answer();
  await first;
  await turnOfTheLoop();
  statements[1]!.fail(new Error('away'));
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const after = grouped.read(next('d'));
  statements[2]!.answer();
  expect(await after).toEqual([{ streamId: 'd', seq: 1 }]);
});

it('asks for 200 streams at most in one statement', async () => {
  const { grouped, statements } = heldReads();
  const all = Array.from({ length: 251 }, (_, n) => grouped.read(next(`stream ${n}`)));
  for (let n = 0; n < 3; n += 1) {
    statements[n]!.answer();
    await turnOfTheLoop();
  }
  await Promise.all(all);
  expect(statements.map(({ reads }) => reads.length)).toEqual([1, 200, 50]);
});
