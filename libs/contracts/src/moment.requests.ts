import { z } from 'zod';
import { limitSchema, pageCursorSchema, seqSchema } from './parameters.js';
import { conversationSchema, messageSchema } from './resources.js';

const isoTime = z.iso.datetime({ offset: true });

/** A moment of a conversation: right after the event of a seq, or at a time. A `+` in a query string may arrive as a space. */
export const momentSchema = z
  .custom<string>(() => true)
  .transform((value: unknown, context): number | string => {
    const text = typeof value === 'string' ? value.replace(' ', '+') : '';
    const seq = seqSchema.safeParse(text);
    if (seq.success) return seq.data;
    const time = isoTime.safeParse(text);
    if (time.success) return time.data;
    const message = 'must be a seq, 1 or more, or an ISO 8601 time with its zone, given once';
    context.addIssue({ code: 'custom', message, params: { code: 'invalid_seq' }, input: value });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'A seq, or an ISO 8601 time with its zone' });

/** `GET /api/conversations/:id/state`: at the head when `at` is absent; the newest messages then, or those before a cursor. */
export const stateQuerySchema = z.object({
  at: momentSchema.optional(),
  limit: limitSchema.optional(),
  before: pageCursorSchema.optional(),
});
export type StateQuery = z.output<typeof stateQuerySchema>;

/** `GET /api/conversations/:id/timeline`: the track up to `at`. */
export const timelineQuerySchema = z.object({ at: momentSchema.optional() });
export type TimelineQuery = z.output<typeof timelineQuerySchema>;

/** How an export is written. */
const exportFormats = ['markdown', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export const exportFormatSchema = z
  .custom<ExportFormat>((value) => exportFormats.some((format) => format === value), {
    error: `must be one of ${exportFormats.join(', ')}, given once`,
    params: { code: 'invalid_format' },
  })
  .meta({ type: 'string', enum: [...exportFormats] });

/** `GET /api/conversations/:id/export`: all that was there at `at`, every branch. */
export const exportQuerySchema = z.object({
  format: exportFormatSchema.optional(),
  at: momentSchema.optional(),
});
export type ExportQuery = z.output<typeof exportQuerySchema>;

const count = z.number().int().min(0);

/** The project's tree that a conversation was at: which version it is, or is made of, and its files. */
export const projectAtSchema = z.object({
  id: z.guid(),
  /** The place in the project's own log; absent while the conversation is linked to it and has not looked at it since. */
  seq: count.optional(),
  /** The last version that was committed by then; 0 before the first. */
  version: count,
  /** By path; contents are read by version or by `sha256`. */
  files: z.record(z.string(), z.object({ sha256: z.string(), size: count, type: z.string() })),
});
export type ProjectAt = z.infer<typeof projectAtSchema>;

/** What the conversation was at a seq. `messages` are the last ones of the branch that was selected then, oldest first. */
export const stateSchema = z
  .object({
    seq: z.number().int().min(1),
    at: z.iso.datetime(),
    conversation: conversationSchema,
    messages: z.array(messageSchema),
    /** The newest turn then, open or ended. */
    turn: z.object({ id: z.guid(), status: z.string() }).optional(),
    /** Tool calls that had begun and not ended. */
    openToolCalls: z.array(z.object({ toolUseId: z.string(), messageId: z.guid(), toolName: z.string() })),
    /** The answer that was being written, as far as it had come, also where it is on another branch or page. */
    halfWritten: messageSchema.optional(),
    /** Tokens of all answers that were complete, as the model counted them. */
    usage: z.object({
      inputTokens: count,
      outputTokens: count,
      cacheCreationInputTokens: count,
      cacheReadInputTokens: count,
    }),
    project: projectAtSchema.optional(),
    /** Events that could not be read: what they would have changed is missing. */
    markers: z.array(z.object({ seq: z.number().int(), type: z.string(), problem: z.string() })),
  })
  .meta({ id: 'ConversationAt' });
export type ConversationAt = z.infer<typeof stateSchema>;

/** The track of a conversation, for a slider: at most 2,000 marks however long the log is. */
export const timelineSchema = z
  .object({
    /** Where the track ends; it begins at 1. */
    seq: z.number().int().min(1),
    epoch: z.string(),
    marks: z.array(
      z.object({
        seq: z.number().int().min(1),
        at: z.iso.datetime(),
        kind: z.enum(['message', 'tool', 'version', 'status', 'fork']),
        /** Who speaks, which tool, which status, or what became of a message. */
        label: z.string().optional(),
        /** The message, turn, project or conversation that it is about. */
        subjectId: z.guid().optional(),
        /** Of a version: its number in the project `subjectId`. */
        version: z.number().int().min(1).optional(),
        /** How many marks of its kind it stands for: itself, and those since the one before it. */
        count: z.number().int().min(1),
      }),
    ),
    /** All marks by kind, also those that are not shown. */
    totals: z.object({ message: count, tool: count, version: count, status: count, fork: count }),
    /** Marks in each of the stretches of equally many events that the track is cut into. */
    density: z.array(count),
  })
  .meta({ id: 'ConversationTimeline' });
export type ConversationTimelineResource = z.infer<typeof timelineSchema>;
