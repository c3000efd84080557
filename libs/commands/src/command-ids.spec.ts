import { idFor } from './command-ids.js';
import type { CommandContext } from './command-context.js';

const context = (commandId?: string, userId = 'ann', tenantId = 'acme'): CommandContext => ({
  principal: { tenantId, userId, scopes: ['*'] },
  commandId,
  bodySha256: '',
});

test('with a key, the same command makes the same thing in any process, for ever', () => {
  expect(idFor(context('key'), 'conversation')).toBe(idFor(context('key'), 'conversation'));
  expect(idFor(context('key'), 'conversation')).toBe('79ca7346-13d5-51c5-a9b1-3fb8bb11f00a');
});

test('another key, principal, tenant or thing is another id, however they are spelled', () => {
  const ids = [
    idFor(context('key'), 'conversation'),
    idFor(context('key'), 'message'),
    idFor(context('key'), 'turn'),
    idFor(context('yek'), 'turn'),
    idFor(context('key', 'bob'), 'turn'),
    idFor(context('key', 'ann', 'other'), 'turn'),
    idFor(context('a","b', 'c'), 'turn'),
    idFor(context('a', 'b","c'), 'turn'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('without a key, every id is new', () => {
  expect(idFor(context(), 'turn')).not.toBe(idFor(context(), 'turn'));
});
