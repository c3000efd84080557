import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Administrator, AskedOnce } from '#admin';
import { commandContextOf } from '../http/command-context.decorator.js';

/** Who administers by this request, and what makes it the same one when it is sent again. */
export type ActingAdmin = { by: Administrator; once?: AskedOnce };

/** The administrator of the request, as a handler's parameter. @throws ProblemError on a key that is none */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): ActingAdmin => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { principal, commandId, bodySha256, requestId } = commandContextOf(request);
  const { tenantId, userId, credential } = principal;
  return {
    by: { tenantId, userId, via: 'api', credential, requestId },
    ...(commandId === undefined ? {} : { once: { commandId, bodySha256 } }),
  };
});
