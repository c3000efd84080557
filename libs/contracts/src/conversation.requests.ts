import { z } from 'zod';
import {
  anyIdSchema,
  flagSchema,
  idSchema,
  limitSchema,
  offsetSchema,
  pageCursorSchema,
  seqSchema,
} from './parameters.js';
import { titleSchema } from './text.js';

/** `POST /api/conversations` */
export const startConversationSchema = z.strictObject({
  projectId: idSchema.nullish(),
  title: titleSchema.nullish(),
});
export type StartConversation = z.output<typeof startConversationSchema>;

const seqInBody = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;

/** What a fork may be asked for: `at` is the last seq that it keeps, the head when absent. */
export const forkConversationShape = {
  at: z
    .custom<number>(seqInBody, {
      error: 'must be a whole number from 1 to 2^53 − 1',
      params: { code: 'invalid_seq' },
    })
    .meta({ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
    .optional(),
  /** Also makes a copy of the project as it was there, for the fork alone. */
  withProject: z.boolean().optional(),
};

/** `POST /api/conversations/:id/fork` */
export const forkConversationSchema = z.strictObject(forkConversationShape).nullish();
export type ForkConversation = z.output<typeof forkConversationSchema>;

/** `PATCH /api/conversations/:id`: at least one of the fields. */
export const updateConversationSchema = z
  .strictObject({ title: titleSchema.optional(), archived: z.boolean().optional() })
  .refine((body) => body.title !== undefined || body.archived !== undefined, {
    error: 'must change title or archived',
    params: { code: 'nothing_to_change' },
  });
export type UpdateConversation = z.output<typeof updateConversationSchema>;

/** `POST /api/conversations/:id/branch` */
export const selectBranchSchema = z.strictObject({ leafId: idSchema });
export type SelectBranch = z.output<typeof selectBranchSchema>;

/** A body that carries nothing: absent, or `{}`. */
export const emptyBodySchema = z.strictObject({}).nullish();

/** Where a page of a list is. `before` and `after` are cursors out of a `Link` header and exclude each other and `offset`. */
const pageQueryShape = {
  limit: limitSchema.optional(),
  offset: offsetSchema.optional(),
  before: pageCursorSchema.optional(),
  after: pageCursorSchema.optional(),
};

type Paged = { offset?: unknown; before?: unknown; after?: unknown; from?: unknown };

/** A page is named in one way only. */
function namesOnePage(query: Paged): boolean {
  return (
    [query.offset, query.before, query.after, query.from].filter((value) => value !== undefined).length <= 1
  );
}
const onePageProblem = {
  error: 'give one of before, after and offset',
  params: { code: 'ambiguous_page' },
};

/** Trashed conversations are left out unless asked for. */
const includeTrashed = flagSchema;

/** `GET /api/conversations/:id` and `GET …/messages` */
export const getConversationSchema = z.object({ includeTrashed: includeTrashed.optional() });
export type GetConversation = z.output<typeof getConversationSchema>;

/** `GET /api/conversations` */
export const listConversationsSchema = z
  .object({ projectId: anyIdSchema.optional(), includeTrashed: includeTrashed.optional(), ...pageQueryShape })
  .refine(namesOnePage, onePageProblem);
export type ListConversations = z.output<typeof listConversationsSchema>;

/** `GET /api/conversations/:id/forks` */
export const listForksSchema = z
  .object({ includeTrashed: includeTrashed.optional(), ...pageQueryShape })
  .refine(namesOnePage, onePageProblem);
export type ListForks = z.output<typeof listForksSchema>;

/** `GET /api/conversations/:id/messages`: `from` begins the page at the first message that was made at that seq or later. */
export const listMessagesSchema = z
  .object({ includeTrashed: includeTrashed.optional(), from: seqSchema.optional(), ...pageQueryShape })
  .refine(namesOnePage, { ...onePageProblem, error: 'give one of before, after, offset and from' });
export type ListMessages = z.output<typeof listMessagesSchema>;
