import { fingerprintOf } from './fingerprint.js';

const of = (error: string, more: Partial<Parameters<typeof fingerprintOf>[0]> = {}) =>
  fingerprintOf({ projection: 'messages', eventType: 'MessagePosted', error, ...more });

describe('a fingerprint', () => {
  it('is 12 hex digits, the same every time', () => {
    expect(of('poisoned')).toMatch(/^[0-9a-f]{12}$/);
    expect(of('poisoned')).toBe(of('poisoned'));
  });

  it.each([
    ['took longer than 1000 ms', 'took longer than 1240.5 ms'],
    [
      'message 019aa000-0000-7000-8000-000000000001 exists already',
      'message 7F0C2B1E-4A52-4C11-9F1E-1B2C3D4E5F60 exists already',
    ],
    ['unexpected token "a" in JSON', 'unexpected token "longer, with \\" in it" in JSON'],
    [`value 'x' is too long`, `value 'y z' is too long`],
    ['blob 0123456789abcdef0123 is damaged', 'blob ffffffffffffffffffff is damaged'],
    ['first line\n   second', 'first line second'],
  ])('does not tell %j from %j', (one, other) => {
    expect(of(one)).toBe(of(other));
  });

  it('tells faults, events and projections apart', () => {
    const all = [
      of('poisoned'),
      of('poisoned otherwise'),
      of('poisoned', { eventType: 'MessageEdited' }),
      of('poisoned', { projection: 'moments' }),
      of('took longer than 1000 ms'),
      of('took longer than 1000 s'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
