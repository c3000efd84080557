import { randomBytes, randomUUID } from 'node:crypto';
import { decodeRuns, encodeRuns } from './seal-list.js';

const run = (from: number, to: number) => ({ streamId: randomUUID(), from, to, mac: randomBytes(16) });

describe('the list of a seal', () => {
  it('is read as it was written, in 48 bytes a run', () => {
    const runs = [run(1, 1), run(2, 1_000), run(1, Number.MAX_SAFE_INTEGER)];
    const list = encodeRuns(runs);
    expect(list).toHaveLength(144);
    expect(decodeRuns(list)).toEqual(runs);
    expect(decodeRuns(encodeRuns([]))).toEqual([]);
  });

  it('is not read where bytes are missing', () => {
    expect(decodeRuns(encodeRuns([run(1, 2)]).subarray(1))).toBeNull();
  });
});
