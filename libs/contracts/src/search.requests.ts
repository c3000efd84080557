import { z } from 'zod';
import { anyIdSchema, flagSchema, idSchema, pageCursorSchema } from './parameters.js';
import { messageRoleSchema, streamingStatusSchema } from './resources.js';
import { issue, textProblem } from './text.js';

/** Longest text to look for, in UTF-16 units. */
export const MAX_SEARCH_LENGTH = 1_000;
/** Hits of a page when the caller does not say. */
export const DEFAULT_SEARCH_LIMIT = 20;
/** Most hits of a page. */
export const MAX_SEARCH_LIMIT = 100;

function refuseBadQuery(value: unknown, context: z.RefinementCtx): void {
  const refuse = (code: string, message: string): void =>
    context.addIssue({ ...issue(code, message), input: value });
  if (typeof value !== 'string') return refuse('invalid_field', 'must be a text, given once');
  const problem = textProblem(value);
  if (problem) return refuse('invalid_text', problem);
  if (value.length > MAX_SEARCH_LENGTH)
    return refuse('too_long', `must be at most ${MAX_SEARCH_LENGTH} characters`);
  if (value.trim() === '') return refuse('blank', 'must not be empty or white space only');
}

function oneOf<T extends string>(options: readonly T[], code: string) {
  return z
    .custom<T>((value) => (options as readonly unknown[]).includes(value), {
      error: `must be one of ${options.join(', ')}, given once`,
      params: { code },
    })
    .meta({ type: 'string', enum: [...options] });
}

const isoTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** A time, or a day, which is its first moment in UTC. A `+` in a query string may arrive as a space. */
const timeSchema = z
  .custom<string>(() => true)
  .transform((value: unknown, context): string => {
    const time = isoTime.safeParse(typeof value === 'string' ? value.replace(' ', '+') : '');
    const date = new Date(time.data ?? '');
    if (time.success && !Number.isNaN(date.getTime())) return date.toISOString();
    const message = 'must be an ISO 8601 time with its zone, or a day, given once';
    context.addIssue({ ...issue('invalid_time', message), input: value });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'An ISO 8601 time with its zone, or a day' });

const searchLimit = z
  .custom<string>(() => true)
  .transform((value: unknown, context): number => {
    const number = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : 0;
    if (number >= 1 && number <= MAX_SEARCH_LIMIT) return number;
    const message = `must be a whole number from 1 to ${MAX_SEARCH_LIMIT}, given once`;
    context.addIssue({ ...issue('invalid_limit', message), input: value });
    return z.NEVER;
  })
  .meta({ type: 'integer', minimum: 1, maximum: MAX_SEARCH_LIMIT });

/** `GET /api/search`: messages made at `from` or later, and before `to`. */
export const searchQuerySchema = z.object({
  q: z
    .custom<string>(() => true)
    .superRefine(refuseBadQuery)
    .meta({ type: 'string', minLength: 1, maxLength: MAX_SEARCH_LENGTH }),
  projectId: anyIdSchema.optional(),
  conversationId: idSchema.optional(),
  role: oneOf(messageRoleSchema.options, 'invalid_role').optional(),
  status: oneOf(streamingStatusSchema.options, 'invalid_status').optional(),
  /** Absent: archived conversations and others. */
  archived: flagSchema.optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  limit: searchLimit.optional(),
  cursor: pageCursorSchema.optional(),
});
export type SearchQuery = z.output<typeof searchQuerySchema>;
