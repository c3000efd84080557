import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leaveUntimed } from '../observability/request-scope.js';

/** How long a reader with a full buffer may take before it is cut. */
export const STALL_MS = 10_000;

/**
 * Begins a `text/event-stream` answer and gives what to write its frames to; null for HEAD, which is answered. It goes
 * through Fastify, so that CORS and other headers hold for it too. `onClose` is called once the client is gone, or has
 * everything.
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  onClose: () => void,
): PassThrough | null {
  leaveUntimed(request);
  void reply.headers({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    void reply.send('');
    return null;
  }
  const body = new PassThrough();
  reply.raw.once('close', () => {
    onClose();
    body.destroy();
  });
  void reply.send(body);
  return body;
}
