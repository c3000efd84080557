import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HEAP_GROWTH } from './heap-growth.js';

/** Allocates what lives for a while, as a busy service does, and tells the most that the heap took, in MiB. */
const BUSY = `
  const some = (round) => Array.from({ length: 20_000 }, (_, n) => ({ n, round }));
  const kept = Array.from({ length: 60 }, (_, round) => some(round));
  let most = 0;
  for (let round = 0; round < 600; round += 1) {
    kept[round % kept.length] = some(round);
    most = Math.max(most, process.memoryUsage().heapTotal);
  }
  console.log(most / 2 ** 20);
`;

/** The collector works at once, and not beside the program: on a busy machine it would come late, and the heap grow meanwhile. */
const AT_ONCE = ['--single-threaded-gc', '--no-incremental-marking'];

async function most(...flags: string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...AT_ONCE, ...flags, '-e', BUSY]);
  return Number(stdout);
}

it('keeps a heap smaller than V8 does by its own rule', async () => {
  const [own, ours] = [await most(), await most(HEAP_GROWTH)];
  expect(ours).toBeGreaterThan(50);
  expect(ours).toBeLessThan(own);
}, 60_000);
