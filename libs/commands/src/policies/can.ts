import type { Principal, Scope } from './principal.js';

/** What someone wants to do. `read` is every way of seeing: lists, single resources, events, streams, states, exports. */
export type Action = 'read' | 'write' | 'create' | 'administer:read' | 'administer:write';

/** What it is done to: a stream (a conversation, a project), the place where a new one goes, or the service itself. */
export type Resource =
  | { kind: 'stream'; tenantId: string; ownerId: string }
  | { kind: 'tenant'; tenantId: string }
  | { kind: 'service' };

const scopeFor: Record<Action, Scope> = {
  read: 'read',
  write: 'write',
  create: 'write',
  'administer:read': 'admin:read',
  'administer:write': 'admin:write',
};

/**
 * The one decision about access, for REST, streams, replays, exports and jobs alike. Pure.
 * A refusal on a stream is shown as "not found": what is not yours does not exist for you.
 */
export function can(principal: Principal, action: Action, resource: Resource): boolean {
  if (!principal.scopes.includes('*') && !principal.scopes.includes(scopeFor[action])) return false;
  switch (resource.kind) {
    case 'stream':
      return (
        (action === 'read' || action === 'write') &&
        resource.tenantId === principal.tenantId &&
        resource.ownerId === principal.userId
      );
    case 'tenant':
      return (action === 'read' || action === 'create') && resource.tenantId === principal.tenantId;
    case 'service':
      return action === 'administer:read' || action === 'administer:write';
    default:
      return resource satisfies never;
  }
}
