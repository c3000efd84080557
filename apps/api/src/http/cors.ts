import type { FastifyCorsOptions } from '@fastify/cors';

const exposedHeaders = ['Content-Disposition', 'Link', 'ETag', 'Location', 'Retry-After', 'X-Request-Id'];

/** The web client's origin may read and write with credentials; no other origin is named. */
export function corsOptions(clientUrl: string): FastifyCorsOptions {
  return {
    origin: [clientUrl],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders,
    maxAge: 600,
    // an OPTIONS that is no preflight would be answered 400, in plain text
    strictPreflight: false,
  };
}

/** The same, for answers that Fastify gives before any hook has run: to what is no URL path. */
export function corsHeaders(clientUrl: string, origin: string | undefined): Record<string, string> {
  if (origin !== clientUrl) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': clientUrl,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': exposedHeaders.join(', '),
  };
}
