import { jsonDanger, MAX_BODY_DEPTH } from './json-safety.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('jsonDanger', () => {
  it('lets ordinary bodies pass', () => {
    expect(jsonDanger({ a: [1, { b: 'c' }], constructor: 'x' })).toBeNull();
    expect(jsonDanger('text')).toBeNull();
    expect(jsonDanger(undefined)).toBeNull();
  });

  it('refuses a prototype at any depth', () => {
    expect(jsonDanger(JSON.parse('{"__proto__": {"a": 1}}'))).toMatchObject({
      code: 'forbidden_key',
      field: '__proto__',
    });
    expect(jsonDanger(JSON.parse('{"a": [{"__proto__": 1}]}'))).toMatchObject({ field: 'a.0.__proto__' });
  });

  it('refuses nesting beyond the limit, and 10,000 levels without overflow', () => {
    expect(jsonDanger(nested(MAX_BODY_DEPTH))).toBeNull();
    expect(jsonDanger(nested(MAX_BODY_DEPTH + 1))).toMatchObject({ code: 'body_too_deep' });
    expect(jsonDanger({ metadata: nested(10_000) })).toMatchObject({
      code: 'body_too_deep',
      field: 'metadata',
    });
  });
});
