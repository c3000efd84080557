import { parsePosition, withPosition } from './position.js';

it('reads a place and what it is compared with', () => {
  expect(parsePosition('?at=312&diff=now')).toEqual({ at: 312, diff: 'now' });
  expect(parsePosition('?at=312&diff=40&x=1')).toEqual({ at: 312, diff: 40 });
  expect(parsePosition('')).toEqual({ at: null, diff: null });
});

it('takes what is no seq as absent', () => {
  for (const at of ['0', '-1', '1.5', 'x', '99999999999999999', '9007199254740993', ''])
    expect([at, parsePosition(`?at=${at}`).at]).toEqual([at, null]);
  expect(parsePosition('?diff=now')).toEqual({ at: null, diff: null });
});

it('writes what it reads, and leaves the rest of the address alone', () => {
  for (const position of [
    { at: 312, diff: 'now' as const },
    { at: 1, diff: 2 },
    { at: null, diff: null },
  ]) {
    const query = withPosition('?conversation=c&at=9&diff=1', position);
    expect(parsePosition(query)).toEqual(position);
    expect(query.get('conversation')).toBe('c');
  }
});
