import type { FastifyRequest } from 'fastify';
import { can, type Principal, type Scope } from '#commands';
import type { Config } from '#platform';
import { principalFor } from './access.js';
import { requireOwnHost } from './host.guard.js';
import { requireOwnOrigin } from './origin.guard.js';
import { ProblemError } from './problem.error.js';

/** What a route asks for: one scope, never all of them. */
export type RouteScope = Exclude<Scope, '*'>;

function holds(principal: Principal, scope: RouteScope): boolean {
  const tenant = { kind: 'tenant', tenantId: principal.tenantId } as const;
  switch (scope) {
    case 'read':
      return can(principal, 'read', tenant);
    case 'write':
      return can(principal, 'create', tenant);
    case 'admin:read':
      return can(principal, 'administer:read', { kind: 'service' });
    case 'admin:write':
      return can(principal, 'administer:write', { kind: 'service' });
    default:
      return scope satisfies never;
  }
}

/** The principal, where it has the scope. @throws ProblemError 403 `forbidden_scope`, naming the scope */
export function withScope(principal: Principal, scope: RouteScope): Principal {
  if (holds(principal, scope)) return principal;
  throw new ProblemError(403, 'forbidden_scope', `This needs the scope ${scope}, which the token lacks.`, {
    field: 'Authorization',
    details: { scope },
  });
}

/**
 * Everything that the guards ask of a request, for what is served outside Nest's routes: call it in an `onRequest` hook, before
 * a body is read. With `page` a browser is told to ask for the token, and writes of foreign pages are refused whatever they
 * carry.
 * @throws ProblemError 401 or 403
 */
export function requireScope(
  config: Config,
  request: FastifyRequest,
  scope: RouteScope,
  { page = false }: { page?: boolean } = {},
): Principal {
  requireOwnHost(config, request);
  requireOwnOrigin(page ? { ...config, token: undefined } : config, request);
  return withScope(principalFor(config, request, page ? 'page' : 'bearer'), scope);
}
