import { BranchMap } from './branch-map.js';
import { isOnPath, pathRanges, samePath, type BranchPath } from './branch-path.js';

/** 1 ── 2 ── 3 ── 4        a chain, and answers given anew after 2 and after 6
 *        ├── 5 ── 6 ── 7
 *        │        └── 8
 *        └── 9              */
function grown(): BranchMap {
  const map = new BranchMap({ places: {}, segments: {} });
  const parents: [number, number | null][] = [
    [1, null],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 2],
    [6, 5],
    [7, 6],
    [8, 6],
    [9, 2],
  ];
  for (const [seq, parent] of parents) map.add(`m${seq}`, parent === null ? null : `m${parent}`, seq);
  return map;
}

describe('BranchMap', () => {
  it('continues a segment with the first child of its last message, and begins one with any other', () => {
    const map = grown();
    const places = Array.from({ length: 9 }, (_, i) => map.placeOf(`m${i + 1}`));
    expect(places.map((place) => place?.segment)).toEqual([1, 1, 1, 1, 5, 5, 5, 8, 9]);
    expect(places.map((place) => place?.depth)).toEqual([0, 1, 2, 3, 2, 3, 4, 4, 2]);
    expect(map.begun).toEqual([
      { segment: 1, path: [] },
      { segment: 5, path: [[1, 2]] },
      {
        segment: 8,
        path: [
          [1, 2],
          [5, 6],
        ],
      },
      { segment: 9, path: [[1, 2]] },
    ]);
  });

  it('gives a path that is open where the leaf is the last of its segment, and bounded elsewhere', () => {
    const map = grown();
    expect(map.pathTo('m4')).toEqual([[1, null]]);
    expect(map.pathTo('m3')).toEqual([[1, 3]]);
    expect(map.pathTo('m8')).toEqual([
      [1, 2],
      [5, 6],
      [8, null],
    ]);
    expect(map.pathTo('unknown')).toEqual([]);
    expect(map.pathTo(null)).toEqual([]);
  });

  it('keeps the open path of a leaf that grows, so no row is written for it', () => {
    const map = grown();
    const before = map.pathTo('m7');
    map.add('m10', 'm7', 10);
    expect(samePath(map.pathTo('m10'), before)).toBe(true);
    expect(samePath(map.pathTo('m7'), before)).toBe(false);
  });

  it('begins a tree for a message whose parent is not known', () => {
    const map = grown();
    expect(map.add('m10', 'gone', 10)).toEqual({ segment: 10, depth: 0, seq: 10 });
    expect(map.pathTo('m10')).toEqual([[10, null]]);
  });
});

describe('a path', () => {
  const path: BranchPath = [
    [1, 2],
    [5, 6],
    [8, null],
  ];

  it('has ranges by seq, cut by cursors and by the seq that is read at', () => {
    const all = [
      { segment: 1, from: 1, to: 2 },
      { segment: 5, from: 5, to: 6 },
      { segment: 8, from: 8, to: 20 },
    ];
    expect(pathRanges(path, { last: 20 })).toEqual(all);
    expect(pathRanges(path, { last: 20, after: 5 })).toEqual([{ segment: 5, from: 6, to: 6 }, all[2]]);
    expect(pathRanges(path, { last: 20, before: 6 })).toEqual([all[0], { segment: 5, from: 5, to: 5 }]);
    expect(pathRanges(path, { last: 7 })).toEqual(all.slice(0, 2));
  });

  it('holds the messages up to its bounds', () => {
    const on = [1, 2, 3].map((seq) => isOnPath(path, { segment: 1, depth: 0, seq }));
    expect(on).toEqual([true, true, false]);
    expect(isOnPath(path, { segment: 8, depth: 9, seq: 999 })).toBe(true);
    expect(isOnPath(path, { segment: 9, depth: 9, seq: 9 })).toBe(false);
  });
});
