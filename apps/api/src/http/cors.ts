import type { FastifyCorsOptions } from '@fastify/cors';

/** The web client's origin may read and write with credentials; no other origin is named. */
export function corsOptions(clientUrl: string): FastifyCorsOptions {
  return {
    origin: [clientUrl],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Link', 'ETag', 'Location', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  };
}
