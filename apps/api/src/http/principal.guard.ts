import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#conversations';
import { CONFIG, type Config } from '#platform';
import { OPEN_ROUTE } from './open-route.decorator.js';
import { setPrincipal } from './principal.decorator.js';
import { ProblemError } from './problem.error.js';

/** Everyone who may come in at all is the one owner of this installation. */
const OWNER: Principal = { tenantId: 'local', userId: 'owner', scopes: ['*'] };

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Decides whom a request acts for. A guard, so that HEAD, trailing and double slashes cannot go round it. */
@Injectable()
export class PrincipalGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const isOpen = this.reflector.getAllAndOverride<boolean>(OPEN_ROUTE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!isOpen) requireToken(this.config, request);
    setPrincipal(request, OWNER);
    return true;
  }
}

/** Where a token is configured, the request must carry it. @throws ProblemError 401 */
export function requireToken({ token }: Config, request: FastifyRequest): void {
  if (token === undefined) return;
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  // Both are hashed, so that the time of the comparison tells nothing about the token or its length.
  if (given !== undefined && timingSafeEqual(sha256(given), sha256(token))) return;
  const code = given === undefined ? 'token_required' : 'token_invalid';
  throw new ProblemError(401, code, 'This server asks for its token: Authorization: Bearer …', {
    field: 'Authorization',
    headers: { 'WWW-Authenticate': 'Bearer realm="lol-chat-log"' },
  });
}
