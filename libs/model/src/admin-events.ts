import { z } from 'zod';

/** What an administrator can do; each is recorded before it is done and after. */
export const adminActions = [
  'rebuild',
  'pause',
  'resume',
  'cancel',
  'accept',
  'rollback',
  'repair',
  'verify',
  'retry_parked',
  'backup',
  'restore',
  'import',
  'export',
  'migrate',
  'seed',
] as const;
export type AdminAction = (typeof adminActions)[number];

/** Who did it: a person by the API, with which of the credentials, or one at the command line. */
const administrator = z.object({
  userId: z.string(),
  via: z.enum(['api', 'command_line']),
  credential: z.string().optional(),
});

/** `target`: the name of a projection, or the id of a rebuild, a conversation or a parked stream; `all` where it is all of them. */
const action = {
  actionId: z.guid(),
  action: z.enum(adminActions),
  target: z.string(),
  by: administrator,
  parameters: z.record(z.string(), z.unknown()),
};

/**
 * The events of a tenant's admin stream, one zod schema a type. A request is logged before anything is done, so that an
 * action whose process died leaves a trace: its outcome is the `AdminActionTaken` of the same `actionId`, or unknown.
 */
export const adminEventSchemas = {
  AdminActionRequested: z.object(action),
  AdminActionTaken: z.object({
    ...action,
    outcome: z.enum(['done', 'failed']),
    /** What came of it, in a few figures or ids. */
    result: z.record(z.string(), z.unknown()).optional(),
    /** Why it failed. */
    error: z.string().optional(),
  }),
} as const;

/** The name of an admin stream's event. */
export type AdminEventType = keyof typeof adminEventSchemas;
/** The data of one type of admin event. */
export type AdminEventData<T extends AdminEventType> = z.infer<(typeof adminEventSchemas)[T]>;
