import type { FastifyRequest } from 'fastify';

/** Whether the client names this media type in `Accept`, above quality 0. Wildcards do not count as a wish for it. */
export function asksFor(request: FastifyRequest, mediaType: string): boolean {
  return (request.headers.accept ?? '').split(',').some((part) => {
    const [type, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
