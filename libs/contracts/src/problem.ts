import { z } from 'zod';

/** One thing that is wrong with a request. */
export const faultSchema = z.object({ field: z.string(), code: z.string(), message: z.string() });
export type Fault = z.infer<typeof faultSchema>;

/** The body of every error answer: RFC 9457, plus `error` and `message`, which the LOL app reads. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    /** Stable: clients decide by it. */
    code: z.string(),
    /** The field, parameter or header to blame, where one is. */
    field: z.string().optional(),
    /** All faults, when there are several. */
    errors: z.array(faultSchema).optional(),
    requestId: z.string(),
    error: z.string(),
    message: z.string(),
  })
  .meta({ id: 'Problem' });
/** `details` of a refusal (the id of the turn that runs, say) stand beside these fields. */
export type Problem = z.infer<typeof problemSchema> & { [detail: string]: unknown };
