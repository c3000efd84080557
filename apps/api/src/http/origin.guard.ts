import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import { isSentByBrowser } from './access.js';
import { ProblemError } from './problem.error.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Without authentication, or with a password that a browser sends by itself, nothing but the origin of a request tells a
 * page of ours from another: previews of generated pages run as origin `null`, and a foreign page can post here. Their
 * writes are refused.
 * @throws ProblemError 403
 */
export function requireOwnOrigin(
  { token, clientUrl }: Pick<Config, 'token' | 'clientUrl'>,
  request: FastifyRequest,
): void {
  const { origin, host } = request.headers;
  if (token !== undefined && !isSentByBrowser(request)) return;
  if (SAFE_METHODS.has(request.method) || origin === undefined) return;
  if (origin === clientUrl || (host !== undefined && isOf(host, origin))) return;
  const message = 'Without a bearer token only pages of this service may write.';
  throw new ProblemError(403, 'origin_not_allowed', message, { field: 'Origin' });
}

/** Behind a proxy that speaks TLS the page's own origin has another scheme than the request. */
const isOf = (host: string, origin: string): boolean =>
  origin === `http://${host}` || origin === `https://${host}`;

/** Holds every route to `requireOwnOrigin`. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    requireOwnOrigin(this.config, context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}
