import { sqlFailureOf, type SqlFailure } from './sql-failure.js';

it.each<[string | undefined, SqlFailure]>([
  ['23505', 'conflict'],
  ['LC001', 'conflict'],
  ['23502', 'data'],
  ['22021', 'data'],
  ['54000', 'data'],
  ['40P01', 'lock'],
  ['40001', 'lock'],
  ['55P03', 'lock'],
  ['53100', 'storage_full'],
  ['57014', 'unknown'],
  ['57P01', 'unknown'],
  ['08006', 'unknown'],
  ['25006', 'unknown'],
  ['53300', 'unknown'],
  ['ECONNRESET', 'unknown'],
  ['EPIPE', 'unknown'],
  [undefined, 'unknown'],
  ['42883', 'broken'],
])('%s means %s', (code, failure) => {
  expect(sqlFailureOf(Object.assign(new Error('x'), { code }))).toBe(failure);
});
