import { MemoryStorage } from '../../../../test/support/fake-browser.js';
import { BoundedStorage, type StorageKind } from './bounded-storage.js';

const page: StorageKind = { name: 'page', most: 3, mayGo: true };
const draft: StorageKind = { name: 'draft', most: 10, mayGo: false };

describe('what a browser keeps', () => {
  let memory: MemoryStorage;
  let clock: number;
  const storage = (bytes?: number) => new BoundedStorage(memory, 'test', () => (clock += 1), bytes);
  const held = () => [...memory.items].reduce((sum, [key, text]) => sum + 2 * (key.length + text.length), 0);

  beforeEach(() => {
    memory = new MemoryStorage();
    clock = 0;
  });

  it('is there for the next page', () => {
    storage().set(page, 'a', { text: 'größe 🎈 "x" 1' });
    expect(storage().get(page, 'a')).toEqual({ text: 'größe 🎈 "x" 1' });
    storage().delete(page, 'a');
    expect(storage().get(page, 'a')).toBeNull();
  });

  it('is at most so many of a kind: those go that were written longest ago', () => {
    for (const id of ['a', 'b', 'c', 'a', 'd']) storage().set(page, id, id);
    expect(storage().ids(page)).toEqual(['c', 'a', 'd']);
  });

  it('never is more than its bound, and gives up what may go before what may not', () => {
    const small = storage(2_000);
    small.set(draft, 'mine', 'x'.repeat(200));
    for (let n = 0; n < 20; n += 1) {
      expect(small.set(page, String(n % 3), 'y'.repeat(300))).toBe(true);
      expect(held()).toBeLessThanOrEqual(2_000);
    }
    expect(small.get(draft, 'mine')).toBe('x'.repeat(200));
    expect(small.set(page, 'huge', 'z'.repeat(2_000))).toBe(false);
    expect(small.get(draft, 'mine')).toBe('x'.repeat(200));
  });

  it('makes room where the browser has less than it may use, and does without where there is none', () => {
    memory = new MemoryStorage(450);
    for (const id of ['a', 'b', 'c']) storage().set(page, id, 'x'.repeat(150));
    expect(storage().ids(page)).toEqual(['b', 'c']);
    expect(storage().set(draft, 'a', 'y'.repeat(400))).toBe(true);
    expect(storage().ids(page)).toEqual([]);
    expect(storage().set(page, 'a', 'x'.repeat(400))).toBe(false);
    expect(storage().get(draft, 'a')).toBe('y'.repeat(400));
  });

  it('is nothing where storage is forbidden, and what it cannot read is absent', () => {
    const none = new BoundedStorage(null, 'test');
    expect([none.set(draft, 'a', 1), none.get(draft, 'a'), none.ids(draft)]).toEqual([false, null, []]);
    storage().set(draft, 'a', 1);
    for (const key of memory.items.keys()) memory.items.set(key, '1 {"cut');
    expect(storage().get(draft, 'a')).toBeNull();
  });

  it('leaves alone what is not its own', () => {
    memory.setItem('theirs', 'x'.repeat(10_000));
    expect(storage(2_000).set(page, 'a', 'y'.repeat(300))).toBe(true);
    expect(memory.getItem('theirs')).toHaveLength(10_000);
  });
});
