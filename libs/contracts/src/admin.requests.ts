import { z } from 'zod';
import { idSchema, limitSchema, pageCursorSchema, seqSchema } from './parameters.js';
import { issue } from './text.js';

/** Streams that one request verifies at most: it is answered at its end. The command line verifies all. */
export const MAX_VERIFY_SAMPLE = 1_000;

/** The name of a projection in a path; which names there are is the server's to say. */
export const projectionNameSchema = z
  .custom<string>((value) => typeof value === 'string' && /^[a-z][a-z0-9_-]{0,62}$/.test(value), {
    error: 'must be the name of a projection: lower-case letters, digits, - and _',
    params: { code: 'invalid_name' },
  })
  .meta({ type: 'string', maxLength: 63 });

/** `POST /api/admin/projections/:name/rebuild` */
export const startRebuildSchema = z
  .strictObject({ dryRun: z.boolean().optional(), acceptDiff: z.boolean().optional() })
  .superRefine(({ dryRun, acceptDiff }, context) => {
    if (dryRun && acceptDiff)
      context.addIssue(
        issue('contradiction', 'makes no sense with dryRun, which changes nothing', ['acceptDiff']),
      );
  })
  .nullish();
export type StartRebuild = z.output<typeof startRebuildSchema>;

/** `POST /api/admin/projections/:name/verify`: one stream, or so many by chance, 100 where neither is named. */
export const verifySchema = z
  .strictObject({
    sample: z.number().int().min(1).max(MAX_VERIFY_SAMPLE).optional(),
    conversationId: idSchema.optional(),
    deep: z.boolean().optional(),
  })
  .superRefine(({ sample, conversationId }, context) => {
    if (sample !== undefined && conversationId !== undefined)
      context.addIssue(issue('contradiction', 'makes no sense with conversationId', ['sample']));
  })
  .nullish();
export type Verify = z.output<typeof verifySchema>;

const fingerprint = z
  .custom<string>((value) => typeof value === 'string' && /^[\w:-]{1,128}$/.test(value), {
    error: 'must be a fingerprint, as the list of parked streams gives it',
    params: { code: 'invalid_fingerprint' },
  })
  .meta({ type: 'string', minLength: 1, maxLength: 128 })
  .optional();

/** `POST /api/admin/parked/retry`: all of them where no fingerprint is named. */
export const retryParkedSchema = z.strictObject({ fingerprint }).nullish();
export type RetryParked = z.output<typeof retryParkedSchema>;

/** `POST /api/admin/conversations/:id/rebuild`: in all projections where none is named. */
export const repairSchema = z.strictObject({ projection: projectionNameSchema.optional() }).nullish();
export type Repair = z.output<typeof repairSchema>;

/** `GET /api/admin/rebuilds`, and their differences. */
export const limitedListSchema = z.object({ limit: limitSchema.optional() });
export type LimitedList = z.output<typeof limitedListSchema>;

/** `GET /api/admin/parked` */
export const listParkedSchema = z.object({
  fingerprint,
  limit: limitSchema.optional(),
  after: pageCursorSchema.optional(),
});
export type ListParked = z.output<typeof listParkedSchema>;

/** `GET /api/admin/audit`: newest first; `before` is the seq of an entry. */
export const listAuditSchema = z.object({ before: seqSchema.optional(), limit: limitSchema.optional() });
export type ListAudit = z.output<typeof listAuditSchema>;

const parkedId = /^[a-z][a-z0-9_-]{0,62}\.[1-9]\d{0,8}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `projection.generation.streamId`, as the list of parked streams has it. */
export const parkedIdSchema = z
  .custom<string>((value) => typeof value === 'string' && parkedId.test(value), {
    error: 'must be the id of a parked stream, as the list gives it',
    params: { code: 'invalid_id' },
  })
  .meta({ type: 'string' });
