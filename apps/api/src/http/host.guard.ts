import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config, isLoopback } from '#platform';
import { ProblemError } from './problem.error.js';

/** The host name of a `Host` header, without its port; undefined when it is no host. */
export function hostNameOf(host: string | undefined): string | undefined {
  if (!host || !URL.canParse(`http://${host}`)) return undefined;
  const url = new URL(`http://${host}`);
  return url.pathname === '/' && url.username === '' && url.search === '' && url.hash === ''
    ? url.hostname
    : undefined;
}

/**
 * Without authentication only a loopback `Host` is served: a page of a foreign site whose name was made to resolve to
 * 127.0.0.1 carries that name here. Whoever chose to serve other machines without authentication gave this up.
 * @throws ProblemError 403
 */
export function requireOwnHost({ token, unsafeNoAuth, host }: Config, request: FastifyRequest): void {
  if (token !== undefined || (unsafeNoAuth && !isLoopback(host))) return;
  const name = hostNameOf(request.headers.host);
  if (name !== undefined && isLoopback(name)) return;
  const message = 'Without authentication only a loopback Host is served.';
  throw new ProblemError(403, 'host_not_allowed', message, { field: 'Host' });
}

/** Holds every route to `requireOwnHost`. */
@Injectable()
export class HostGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    requireOwnHost(this.config, context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}
