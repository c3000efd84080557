import { CursorInvalid } from '../errors.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const list = ['messages', 'a', null];
const cursor = encodeCursor(list, ['2026-01-01T00:00:00.000Z', 'id']);

describe('a page cursor', () => {
  it('gives back its position in its own list', () => {
    expect(decodeCursor(list, cursor)).toEqual(['2026-01-01T00:00:00.000Z', 'id']);
  });

  it('is refused in any other list', () => {
    for (const other of [['messages', 'b', null], ['messages', 'a', 7], ['conversations', 'a', null], []]) {
      expect(() => decodeCursor(other, cursor)).toThrow(CursorInvalid);
    }
  });

  it('is refused when any character of it was changed, cut or added', () => {
    for (let i = 0; i < cursor.length; i += 1) {
      const changed = cursor.slice(0, i) + (cursor[i] === 'x' ? 'y' : 'x') + cursor.slice(i + 1);
      expect(() => decodeCursor(list, changed)).toThrow(CursorInvalid);
      expect(() => decodeCursor(list, cursor.slice(0, i))).toThrow(CursorInvalid);
    }
    for (const more of [`${cursor}A`, `${cursor}=`, ` ${cursor}`, `${cursor}\n`]) {
      expect(() => decodeCursor(list, more)).toThrow(CursorInvalid);
    }
  });
});
