import { z } from 'zod';
import { cursorSeqSchema, limitSchema, seqSchema } from './parameters.js';

const epochSchema = z
  .custom<string>((value) => typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value), {
    error: 'must be an epoch as a conversation or stream_open gave it',
    params: { code: 'invalid_epoch' },
  })
  .meta({ type: 'string' });

/** `GET /api/conversations/:id/stream`: `after` is the last seq that the reader has. */
export const streamQuerySchema = z.object({
  after: cursorSeqSchema.optional(),
  epoch: epochSchema.optional(),
});
export type StreamQuery = z.output<typeof streamQuerySchema>;

const eventTypes = z
  .custom<string>(
    (value) => typeof value === 'string' && /^[A-Za-z]{1,64}(,[A-Za-z]{1,64}){0,63}$/.test(value),
    {
      error: 'must be event types joined by commas, given once',
      params: { code: 'invalid_types' },
    },
  )
  .meta({ type: 'string' })
  .transform((value) => value.split(','));

/** `GET /api/conversations/:id/events`: ascending after `after`; with `before` alone the last ones before it. */
export const listEventsSchema = z.object({
  after: cursorSeqSchema.optional(),
  before: seqSchema.optional(),
  limit: limitSchema.optional(),
  types: eventTypes.optional(),
});
export type ListEvents = z.output<typeof listEventsSchema>;

/** First frame of a stream, without an id. */
export const streamOpenSchema = z.object({
  from: z.number().int().min(0),
  head: z.number().int().min(1),
  epoch: z.string(),
});
/** Sent once, when everything that was in the log at the start has been sent. */
export const caughtUpSchema = z.object({ seq: z.number().int().min(0) });
