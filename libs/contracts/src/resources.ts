import { z } from 'zod';

/** ISO 8601, UTC, milliseconds. */
const time = z.iso.datetime();

/** A conversation as clients see it: exact at its `seq`, in the history that `epoch` names. */
export const conversationSchema = z
  .object({
    id: z.guid(),
    projectId: z.guid().optional(),
    title: z.string().optional(),
    archived: z.boolean(),
    trashedAt: time.optional(),
    /** The conversation that this one goes on from, and after which seq. */
    forkedFrom: z.object({ conversationId: z.guid(), at: z.number().int().min(1) }).optional(),
    /** The open turn, if there is one. */
    turn: z.object({ id: z.guid(), status: z.enum(['requested', 'running']) }).optional(),
    /** The message that the selected branch ends in. */
    leafId: z.guid().optional(),
    /** The log position that this resource is exact at: tail the stream after it. */
    seq: z.number().int().min(0),
    /** Which history the position belongs to. */
    epoch: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversationSchema>;

/** Who speaks; a `tool` row is one call with its result. */
export const messageRoleSchema = z.enum(['user', 'assistant', 'system', 'tool']);
/** How far a message is: a stopped answer is `complete`, a failed or interrupted one `error`. */
export const streamingStatusSchema = z.enum(['pending', 'streaming', 'complete', 'error']);

/** A message as clients see it, in lists, states and answers to writes alike. */
export const messageSchema = z
  .object({
    id: z.guid(),
    conversationId: z.guid(),
    projectId: z.guid().optional(),
    parentId: z.guid().nullable(),
    role: messageRoleSchema,
    content: z.string(),
    /** The Messages API's blocks of an answer, thinking and tool calls included. */
    blocks: z.array(z.looseObject({ type: z.string() })).optional(),
    toolName: z.string().optional(),
    toolCall: z.json().optional(),
    toolResult: z.json().optional(),
    streamingStatus: streamingStatusSchema,
    metadata: z.record(z.string(), z.json()),
    /** Where it stands among the children of its parent, oldest first. */
    siblings: z.object({ index: z.number().int().min(0), count: z.number().int().min(1) }),
    /** The seq of the event that made it. */
    seq: z.number().int().min(1),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

/** A conversation with the first messages of its selected branch. */
export const conversationWithMessagesSchema = conversationSchema.extend({ messages: z.array(messageSchema) });
export type ConversationWithMessages = z.infer<typeof conversationWithMessagesSchema>;

/** One event of the log, the same in `events` and in a stream. */
export const logEventSchema = z
  .object({
    seq: z.number().int().min(1),
    type: z.string(),
    at: time,
    data: z.json(),
    metadata: z.record(z.string(), z.json()),
  })
  .meta({ id: 'LogEvent' });
export type LogEvent = z.infer<typeof logEventSchema>;
