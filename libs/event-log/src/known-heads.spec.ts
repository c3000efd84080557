import { KnownHeads } from './known-heads.js';

describe('KnownHeads', () => {
  it('holds for the server that committed them, and no other one', () => {
    const heads = new KnownHeads();
    heads.committed('a', { server: 'one', seq: 3, at: 100 });
    expect(heads.at('one', 'a', 3)).toBe(100);
    expect(heads.at('other', 'a', 3)).toBeNull();
    expect(heads.at('one', 'b', 3)).toBeNull();
  });

  it('knows only the newest head of a stream, until it is to forget', () => {
    const heads = new KnownHeads();
    heads.committed('a', { server: 'one', seq: 3, at: 100 });
    heads.committed('a', { server: 'one', seq: 5, at: 200 });
    expect([3, 4, 5, 6].map((seq) => heads.at('one', 'a', seq))).toEqual([null, null, 200, null]);
    heads.forget();
    expect(heads.at('one', 'a', 5)).toBeNull();
  });

  it('forgets the stream that was written to longest ago', () => {
    const heads = new KnownHeads();
    for (let n = 0; n < 2_000; n += 1) heads.committed(`s${n}`, { server: 'one', seq: 1, at: n });
    heads.committed('s0', { server: 'one', seq: 2, at: 0 });
    heads.committed('one more', { server: 'one', seq: 1, at: 0 });
    expect(heads.at('one', 's0', 2)).toBe(0);
    expect(heads.at('one', 's1', 1)).toBeNull();
    expect(heads.at('one', 's2', 1)).toBe(2);
  });
});
