import type { FastifyRequest } from 'fastify';
import { asksFor } from './accepts.js';

const asks = (accept?: string) => asksFor({ headers: { accept } } as FastifyRequest, 'text/event-stream');

it.each([
  'text/event-stream',
  'TEXT/Event-Stream',
  'application/json, text/event-stream;q=0.5',
  'text/event-stream ; x=1',
])('%s asks for a stream', (accept) => {
  expect(asks(accept)).toBe(true);
});

it.each([
  undefined,
  '',
  '*/*',
  'text/*',
  'application/json',
  'text/event-stream;q=0',
  'text/event-stream; q=0.00',
])('%s does not', (accept) => {
  expect(asks(accept)).toBe(false);
});
