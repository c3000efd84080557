import { parsePartialJson } from './partial-json.js';

// Equality with the SDK's own parser, cut by cut, is in assistant-fold.oracle.spec.ts.

it.each([
  ['{"a":1}', { a: 1 }],
  ['[1,2', [1]],
  ['[1,2,', [1, 2]],
  ['{"a":"whole","b":"cut of', { a: 'whole' }],
  ['{"a":"ends in a backslash \\\\","b', { a: 'ends in a backslash \\' }],
  ['{"a":"an escaped quote \\"', {}],
  ['{"a":', {}],
  ['{"a":tru', {}],
  ['{"a":true', { a: true }],
  ['{"a":1.', {}],
  ['{"a":1 ', { a: 1 }],
  ['{"a":[{"b":[', { a: [{ b: [] }] }],
  ['[{}, {', [{}, {}]],
  [' { "a" : "x" , ', { a: 'x' }],
  ['"text"', 'text'],
])('completes %j', (text, value) => {
  expect(parsePartialJson(text)).toEqual(value);
});

it.each(['', ' ', '}', '{]', '[}', '"cut', '{"a":x,"b":1}', '{"a" "b":1}'])('refuses %j', (text) => {
  expect(() => parsePartialJson(text)).toThrow(SyntaxError);
});

it('gives a key that means something to JavaScript as a plain key', () => {
  expect(Object.keys(parsePartialJson('{"__proto__":{"a":1}') as object)).toEqual(['__proto__']);
});
