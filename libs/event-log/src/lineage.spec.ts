import { holds, lineageAt, seamOf, segmentsOf } from './lineage.js';

const root = { streamId: 'root', lineage: [] };
const child = { streamId: 'child', lineage: [{ streamId: 'root', upTo: 10 }] };
const grandchild = {
  streamId: 'grandchild',
  lineage: [
    { streamId: 'root', upTo: 10 },
    { streamId: 'child', upTo: 15 },
  ],
};

describe('the lineage of a fork', () => {
  it('names each ancestor once, with the seqs that it serves', () => {
    expect(lineageAt(root, 10)).toEqual(child.lineage);
    expect(lineageAt(child, 15)).toEqual(grandchild.lineage);
    expect([root, child, grandchild].map(seamOf)).toEqual([0, 10, 15]);
  });

  it('is flat: a fork of a fork at an inherited seq has the ancestor alone', () => {
    expect(lineageAt(child, 10)).toEqual([{ streamId: 'root', upTo: 10 }]);
    expect(lineageAt(grandchild, 7)).toEqual([{ streamId: 'root', upTo: 7 }]);
    expect(lineageAt(grandchild, 12)).toEqual([
      { streamId: 'root', upTo: 10 },
      { streamId: 'child', upTo: 12 },
    ]);
  });

  it('cuts a range of seqs into the parts that each stream holds', () => {
    expect(segmentsOf(grandchild, 0, 20)).toEqual([
      { streamId: 'root', low: 0, high: 10 },
      { streamId: 'child', low: 10, high: 15 },
      { streamId: 'grandchild', low: 15, high: 20 },
    ]);
    expect(segmentsOf(grandchild, 10, 15)).toEqual([{ streamId: 'child', low: 10, high: 15 }]);
    expect(segmentsOf(grandchild, 15, 16)).toEqual([{ streamId: 'grandchild', low: 15, high: 16 }]);
    expect(segmentsOf(grandchild, 9, 9)).toEqual([]);
    expect(segmentsOf(root, 3, 5)).toEqual([{ streamId: 'root', low: 3, high: 5 }]);
  });

  it('holds what its ancestors made before they were left, and nothing that they made later', () => {
    expect(holds(grandchild, { streamId: 'root', seq: 10 })).toBe(true);
    expect(holds(grandchild, { streamId: 'root', seq: 11 })).toBe(false);
    expect(holds(grandchild, { streamId: 'child', seq: 15 })).toBe(true);
    expect(holds(grandchild, { streamId: 'child', seq: 16 })).toBe(false);
    expect(holds(grandchild, { streamId: 'grandchild', seq: 99 })).toBe(true);
    expect(holds(root, { streamId: 'child', seq: 1 })).toBe(false);
  });
});
