import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#platform';
import { corsHeaders } from './cors.js';
import { BODY_LIMIT, registerJsonBodies } from './json-body.parser.js';
import { admitProjectBodies } from './project-bodies.js';
import { ProblemFilter } from './problem.filter.js';

const givenRequestId = /^[\w.:-]{1,64}$/;

/**
 * Fastify as every path here needs it: trailing and double slashes are the plain path, bodies are JSON of at most 1 MiB (a
 * whole project's may be larger), and each answer names its request.
 */
export function createHttpAdapter(config: Config): FastifyAdapter {
  const filter = new ProblemFilter();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 512 },
    genReqId: (raw: IncomingMessage) => {
      const given = raw.headers['x-request-id'];
      return typeof given === 'string' && givenRequestId.test(given) ? given : randomUUID();
    },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers(corsHeaders(config.clientUrl, request.headers.origin));
      filter.answer(error, request, reply);
    },
    forceCloseConnections: 'idle',
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  registerJsonBodies(fastify);
  admitProjectBodies(fastify, config);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'X-Request-Id': request.id, 'X-Content-Type-Options': 'nosniff' });
    done();
  });
  return adapter;
}
