import { can, type Action, type Resource } from './can.js';
import type { Principal, Scope } from './principal.js';

const who = (scopes: Scope[], userId = 'ann', tenantId = 'acme'): Principal => ({ tenantId, userId, scopes });
const stream: Resource = { kind: 'stream', tenantId: 'acme', ownerId: 'ann' };
const tenant: Resource = { kind: 'tenant', tenantId: 'acme' };
const service: Resource = { kind: 'service' };

test.each<[string, Principal, Action, Resource, boolean]>([
  ['the owner reads', who(['read']), 'read', stream, true],
  ['the owner writes', who(['read', 'write']), 'write', stream, true],
  ['reading is not writing', who(['read']), 'write', stream, false],
  ['writing is not reading', who(['write']), 'read', stream, false],
  ['no scope, nothing', who([]), 'read', stream, false],
  ['* is every scope', who(['*']), 'write', stream, true],
  ['another user of the tenant', who(['*'], 'bob'), 'read', stream, false],
  ['another user, writing', who(['*'], 'bob'), 'write', stream, false],
  ['the same name in another tenant', who(['*'], 'ann', 'evil'), 'read', stream, false],
  ['an admin is no owner', who(['admin', 'read', 'write'], 'bob'), 'read', stream, false],
  ['nobody creates in a stream', who(['*']), 'create', stream, false],
  ['nobody administers a stream', who(['*']), 'administer', stream, false],
  ['starting a conversation', who(['write']), 'create', tenant, true],
  ['starting one in another tenant', who(['*'], 'ann', 'evil'), 'create', tenant, false],
  ['starting one needs the scope', who(['read']), 'create', tenant, false],
  ['listing', who(['read']), 'read', tenant, true],
  ['writing to a tenant', who(['*']), 'write', tenant, false],
  ['an admin administers', who(['admin']), 'administer', service, true],
  ['* administers', who(['*']), 'administer', service, true],
  ['an owner does not', who(['read', 'write']), 'administer', service, false],
  ['nobody reads the service', who(['*']), 'read', service, false],
])('%s', (_case, principal, action, resource, expected) => {
  expect(can(principal, action, resource)).toBe(expected);
});
