import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import { principalFor } from './access.js';
import { AS_PAGE } from './as-page.decorator.js';
import { OPEN_ROUTE } from './open-route.decorator.js';
import { setPrincipal } from './principal.decorator.js';
import { REQUIRED_SCOPE } from './require-scope.decorator.js';
import { type RouteScope, withScope } from './require-scope.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Decides whom a request acts for, and that it has the scope that its route asks for. A guard, so that HEAD, trailing and
 * double slashes cannot go round it.
 */
@Injectable()
export class PrincipalGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN_ROUTE, places)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const usual = SAFE_METHODS.has(request.method) ? 'read' : 'write';
    const scope = this.reflector.getAllAndOverride<RouteScope | undefined>(REQUIRED_SCOPE, places) ?? usual;
    const kind = this.reflector.getAllAndOverride<boolean | undefined>(AS_PAGE, places) ? 'page' : 'bearer';
    setPrincipal(request, withScope(principalFor(this.config, request, kind), scope));
    return true;
  }
}
