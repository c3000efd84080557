import { storageFailure } from './storage-failure.js';

const failed = (fields: object, message = 'failed') => Object.assign(new Error(message), fields);

describe('storageFailure', () => {
  it.each([
    ['a connection that is refused', failed({ code: 'ECONNREFUSED', syscall: 'connect' })],
    ['a connection that died', failed({}, 'Connection terminated unexpectedly')],
    ['a pool without a free connection', failed({}, 'timeout exceeded when trying to connect')],
    ['a server that shuts down', failed({ code: '57P01' })],
    ['a server that starts up', failed({ code: '57P03' })],
    ['a statement that took too long', failed({ code: '57014' })],
    ['a lock that was not had', failed({ code: '55P03' })],
    ['every address refused', new AggregateError([failed({ code: 'ECONNREFUSED', syscall: 'connect' })])],
    ['the same in a TypeORM error', failed({ driverError: failed({ code: '57P01' }) })],
  ])('%s passes', (_, error) => {
    expect(storageFailure(error)).toBe('log_unavailable');
  });

  it('a full disk is told apart', () => {
    expect(storageFailure(failed({ code: '53100' }))).toBe('storage_full');
  });

  it.each([
    ['a unique violation', failed({ code: '23505' })],
    ['a syntax error', failed({ code: '42601' })],
    ['a missing file of ours', failed({ code: 'ENOENT' })],
    ['any error', new Error('no')],
    ['no error', 'Connection terminated'],
  ])('%s is ours to answer for', (_, error) => {
    expect(storageFailure(error)).toBeNull();
  });
});
