import { z } from 'zod';
import { messageRoleSchema, streamingStatusSchema } from './resources.js';

/** A piece of a message's text, as it is: no markup. `hit`: this is what was looked for. */
export const snippetSegmentSchema = z.object({ text: z.string(), hit: z.boolean() });
export type SnippetSegmentResource = z.infer<typeof snippetSegmentSchema>;

/** A message that was found. */
export const searchHitSchema = z
  .object({
    /** The conversation that made it, never a fork that inherited it. */
    conversationId: z.guid(),
    messageId: z.guid(),
    /** The seq of the event that made it. */
    seq: z.number().int().min(1),
    role: messageRoleSchema,
    status: streamingStatusSchema,
    /** Of the conversation, as `projectId` and `archived` are. */
    title: z.string().optional(),
    projectId: z.guid().optional(),
    archived: z.boolean(),
    createdAt: z.iso.datetime(),
    /** The text around the first place that was found, in order; what was left out is `…`. */
    snippet: z.array(snippetSegmentSchema),
  })
  .meta({ id: 'SearchHit' });
export type SearchHitResource = z.infer<typeof searchHitSchema>;

/** A page of hits, newest made first. */
export const searchPageSchema = z
  .object({
    hits: z.array(searchHitSchema),
    /** The cursor of the next page; absent at the end. */
    next: z.string().optional(),
    /** What could not be found yet. */
    lag: z.object({
      /** Events of the reader's conversations that search has not taken in. */
      events: z.number().int().min(0),
      /** For how long the oldest of them has waited; 0: none does. */
      seconds: z.number().min(0),
      /** Too many to count: there is more lag than the figures say. */
      atLeast: z.boolean(),
    }),
  })
  .meta({ id: 'SearchPage' });
export type SearchPageResource = z.infer<typeof searchPageSchema>;
