import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jsonDanger } from './json-safety.js';
import { ProblemError } from './problem.error.js';

/** Largest request body, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

const rawBodies = new WeakMap<FastifyRequest, Buffer>();

/** The body's bytes as they were sent; empty when there was none. The idempotency hash covers them. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return rawBodies.get(request) ?? Buffer.alloc(0);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ProblemError when the bytes are no JSON, nest too deep or set a prototype. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const message =
      cause instanceof SyntaxError ? 'The body is not valid JSON.' : 'The body is not valid UTF-8.';
    throw new ProblemError(400, 'invalid_json', message, { field: 'body' });
  }
  const danger = jsonDanger(value);
  if (danger) {
    const field = danger.field || 'body';
    throw new ProblemError(400, danger.code, `${field} ${danger.message}`, { field });
  }
  return value;
}

/**
 * Takes JSON bodies alone. An empty body with a JSON content type is no body: the LOL app sends that header on a DELETE.
 * Anything else is 415, by Fastify, for want of a parser.
 */
export function registerJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer', bodyLimit: BODY_LIMIT } as const;
  fastify.addContentTypeParser<Buffer>('application/json', options, (request, body, done) => {
    rawBodies.set(request, body);
    try {
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Error);
    }
  });
}
