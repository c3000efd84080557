import type { MessageState } from '#model';
import { modelTree } from './model-tree.js';

/** Messages by name, seq and parent. */
function messages(...all: [id: string, seq: number, parentId: string | null][]): MessageState[] {
  return all.map(([id, seq, parentId]) => ({ id, seq, parentId }) as MessageState);
}

describe('the tree of all messages', () => {
  const all = messages(
    ['a', 2, null],
    ['b', 4, 'a'],
    ['c', 6, 'a'],
    ['d', 8, 'b'],
    ['e', 9, 'c'],
    ['x', 11, null],
  );

  it('goes on with a segment from its last message, and begins one anywhere else, whatever order they come in', () => {
    for (const tree of [modelTree(all), modelTree(all.toReversed())]) {
      const places = Object.fromEntries(all.map(({ id }) => [id, tree.placeOf(id)]));
      expect(places).toEqual({
        a: { segment: 2, depth: 0, seq: 2 },
        b: { segment: 2, depth: 1, seq: 4 },
        c: { segment: 6, depth: 1, seq: 6 },
        d: { segment: 2, depth: 2, seq: 8 },
        e: { segment: 6, depth: 2, seq: 9 },
        x: { segment: 11, depth: 0, seq: 11 },
      });
      expect([...tree.segments]).toEqual([
        [2, []],
        [6, [[2, 2]]],
        [11, []],
      ]);
    }
  });

  it('leads to a message by segments, open where it is the last one', () => {
    const tree = modelTree(all);
    expect(tree.pathTo('d')).toEqual([[2, null]]);
    expect(tree.pathTo('b')).toEqual([[2, 4]]);
    expect(tree.pathTo('e')).toEqual([
      [2, 2],
      [6, null],
    ]);
    expect(tree.pathTo(null)).toEqual([]);
    expect(tree.pathTo('nobody')).toEqual([]);
  });
});
