import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { CommandContext } from '#conversations';
import { rawBodyOf } from './json-body.parser.js';
import { principalOf } from './principal.decorator.js';
import { ProblemError } from './problem.error.js';

const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/** The path as routed: without query, double and trailing slashes, ids in lower case, so that its spellings are one. */
function plainPath(url: string): string {
  const path = (url.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/').toLowerCase();
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** Reads a request's command context. @throws ProblemError when the key is not 1 to 255 visible ASCII characters. */
export function commandContextOf(request: FastifyRequest): CommandContext {
  const key = request.headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || !visibleAscii.test(key))) {
    const message = 'Idempotency-Key must be 1 to 255 visible ASCII characters.';
    throw new ProblemError(400, 'invalid_idempotency_key', message, { field: 'Idempotency-Key' });
  }
  const hash = createHash('sha256')
    .update(`${request.method}\n${plainPath(request.url)}\n`)
    .update(rawBodyOf(request));
  return {
    principal: principalOf(request),
    commandId: key,
    bodySha256: hash.digest('hex'),
    requestId: request.id,
  };
}

/** Who gives a command by this request, and the key that makes it the same one when it is sent again. */
export const Context = createParamDecorator((_: unknown, context: ExecutionContext): CommandContext =>
  commandContextOf(context.switchToHttp().getRequest()),
);

/** A later command of the same request has a key of its own: a key has one answer. */
export function partOf(context: CommandContext, part: string): CommandContext {
  return {
    ...context,
    commandId: context.commandId === undefined ? undefined : `${context.commandId}/${part}`,
  };
}
