import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import { ProblemError } from './problem.error.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Without authentication nothing but the origin of a request tells a page of ours from another: previews of generated
 * pages run as origin `null`, and a foreign page can post here. Their writes are refused.
 */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.config.token !== undefined) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { origin, host } = request.headers;
    if (SAFE_METHODS.has(request.method) || origin === undefined) return true;
    if (origin === this.config.clientUrl || (host !== undefined && origin === `http://${host}`)) return true;
    throw new ProblemError(
      403,
      'origin_not_allowed',
      'Without authentication only pages of this service may write.',
      {
        field: 'Origin',
      },
    );
  }
}
