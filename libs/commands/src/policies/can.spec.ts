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
  ['an admin is no owner', who(['admin:read', 'admin:write', 'read', 'write'], 'bob'), 'read', stream, false],
  ["an admin reads nobody's stream by that", who(['admin:read', 'admin:write']), 'read', stream, false],
  ['nobody creates in a stream', who(['*']), 'create', stream, false],
  ['nobody administers a stream', who(['*']), 'administer:write', stream, false],
  ['nor looks at one as an admin', who(['*']), 'administer:read', stream, false],
  ['starting a conversation', who(['write']), 'create', tenant, true],
  ['starting one in another tenant', who(['*'], 'ann', 'evil'), 'create', tenant, false],
  ['starting one needs the scope', who(['read']), 'create', tenant, false],
  ['listing', who(['read']), 'read', tenant, true],
  ['writing to a tenant', who(['*']), 'write', tenant, false],
  ['an admin looks', who(['admin:read']), 'administer:read', service, true],
  ['an admin administers', who(['admin:write']), 'administer:write', service, true],
  ['looking is not administering', who(['admin:read']), 'administer:write', service, false],
  ['administering is not looking', who(['admin:write']), 'administer:read', service, false],
  ['* looks', who(['*']), 'administer:read', service, true],
  ['* administers', who(['*']), 'administer:write', service, true],
  ['an owner does not', who(['read', 'write']), 'administer:write', service, false],
  ['an owner does not look', who(['read', 'write']), 'administer:read', service, false],
  ['nobody reads the service', who(['*']), 'read', service, false],
])('%s', (_case, principal, action, resource, expected) => {
  expect(can(principal, action, resource)).toBe(expected);
});
