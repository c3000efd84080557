import { z } from 'zod';
import { idSchema } from './parameters.js';
import { promptSchema, toolNameSchema } from './text.js';

/** `POST /api/conversations/:id/turns`. `parentId` as for a posted message; `model` overrides the configured one. */
export const requestTurnSchema = z.strictObject({
  prompt: promptSchema,
  parentId: idSchema.nullish(),
  model: toolNameSchema.optional(),
});
export type RequestTurn = z.output<typeof requestTurnSchema>;

/** 202 of `POST …/turns`: read `streamUrl`, or any stream of the conversation after `seq`. */
export const turnAcceptedSchema = z
  .object({
    turnId: z.guid(),
    messageId: z.guid(),
    seq: z.number().int().min(1),
    streamUrl: z.string(),
  })
  .meta({ id: 'TurnAccepted' });
export type TurnAccepted = z.infer<typeof turnAcceptedSchema>;

/** 200 of `POST /api/turns/:id/cancel`: `seq` is that of the turn's terminal event. */
export const turnCancelledSchema = z
  .object({
    turnId: z.guid(),
    conversationId: z.guid(),
    status: z.literal('cancelled'),
    seq: z.number().int().min(1),
  })
  .meta({ id: 'TurnCancelled' });
export type TurnCancelled = z.infer<typeof turnCancelledSchema>;
