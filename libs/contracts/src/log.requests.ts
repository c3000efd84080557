import { z } from 'zod';
import { cursorSeqSchema, limitSchema, seqSchema } from './parameters.js';
import { messageSchema, conversationSchema } from './resources.js';

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

/** `GET /api/conversations/:id/state`: at the head when `at` is absent. */
export const stateQuerySchema = z.object({ at: seqSchema.optional() });
export type StateQuery = z.output<typeof stateQuerySchema>;

/** What the conversation was at a seq. `messages` are those of the branch that was selected then, oldest first. */
export const stateSchema = z
  .object({
    seq: z.number().int().min(1),
    at: z.iso.datetime(),
    conversation: conversationSchema,
    messages: z.array(messageSchema),
    /** The newest turn then, open or ended. */
    turn: z.object({ id: z.guid(), status: z.string() }).optional(),
    /** Events that could not be read: what they would have changed is missing. */
    markers: z.array(z.object({ seq: z.number().int(), type: z.string(), problem: z.string() })),
  })
  .meta({ id: 'ConversationAt' });
export type ConversationAt = z.infer<typeof stateSchema>;

/** First frame of a stream, without an id. */
export const streamOpenSchema = z.object({
  from: z.number().int().min(0),
  head: z.number().int().min(1),
  epoch: z.string(),
});
/** Sent once, when everything that was in the log at the start has been sent. */
export const caughtUpSchema = z.object({ seq: z.number().int().min(0) });
