import { deriveId, newId } from './ids.js';
import { canonicalJson } from './json.js';

it('has one text for equal values', () => {
  const a = { b: [1, { d: null, c: 'x' }], a: 1, 10: true, 9: false, skipped: undefined };
  const b = { 9: false, 10: true, a: 1, b: [1, { c: 'x', d: null }] };
  expect(canonicalJson(a)).toBe('{"10":true,"9":false,"a":1,"b":[1,{"c":"x","d":null}]}');
  expect(canonicalJson(b)).toBe(canonicalJson(a));
});

it('is JSON, of any value', () => {
  for (const value of [null, 1, 'x\ud800\u2028', [undefined, 1], {}, { a: { b: [] } }, undefined]) {
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value) ?? 'null'));
  }
});

it('makes new ids that sort by age, and the same id of the same name', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  const namespace = '7e0f5b53-7d0c-4f9a-9b57-2d8d0d4c1a11';
  expect(deriveId(namespace, 'a')).toBe(deriveId(namespace, 'a'));
  expect(deriveId(namespace, 'a')).not.toBe(deriveId(namespace, 'b'));
  expect(deriveId('any text', 'a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  expect(deriveId('any text', 'a')).not.toBe(deriveId('other text', 'a'));
});
