import { z } from 'zod';
import { jsonObjectSchema, jsonValueSchema } from './json-value.js';
import { idSchema } from './parameters.js';
import { messageRoleSchema, streamingStatusSchema } from './resources.js';
import { issue, MAX_PROMPT_LENGTH, textSchema, toolNameSchema } from './text.js';

/** The fields of a new message. `parentId` null makes it a first message; absent, a child of the selected leaf. */
export const postMessageShape = {
  role: messageRoleSchema,
  content: textSchema,
  parentId: idSchema.nullish(),
  projectId: idSchema.nullish(),
  toolName: toolNameSchema.nullish(),
  toolCall: jsonValueSchema.optional(),
  toolResult: jsonValueSchema.optional(),
  streamingStatus: streamingStatusSchema.optional(),
  metadata: jsonObjectSchema.nullish(),
};

/** What a person wrote is never blank and at most 200,000 characters; other rows may be empty while they grow. */
export function checkUserContent(body: { role: string; content: string }, context: z.RefinementCtx): void {
  if (body.role !== 'user') return;
  if (body.content.trim() === '') {
    context.addIssue({
      ...issue('blank', 'must not be empty or white space only', ['content']),
      input: body.content,
    });
  }
  if (body.content.length > MAX_PROMPT_LENGTH) {
    const message = `must be at most ${MAX_PROMPT_LENGTH} characters`;
    context.addIssue({ ...issue('too_long', message, ['content']), input: body.content });
  }
}

/** `POST /api/conversations/:id/messages` */
export const postMessageSchema = z.strictObject(postMessageShape).superRefine(checkUserContent);
export type PostMessage = z.output<typeof postMessageSchema>;

/** The fields of a revision; each that is present replaces. */
export const editMessageShape = {
  content: textSchema.optional(),
  streamingStatus: streamingStatusSchema.optional(),
  toolResult: jsonValueSchema.optional(),
  metadata: jsonObjectSchema.optional(),
};

/** `PATCH /api/messages/:id`: each field that is present replaces. */
export const editMessageSchema = z
  .strictObject(editMessageShape)
  .refine((body) => Object.values(body).some((value) => value !== undefined), {
    error: 'must change content, streamingStatus, toolResult or metadata',
    params: { code: 'nothing_to_change' },
  });
export type EditMessage = z.output<typeof editMessageSchema>;

/** `POST /api/messages/:id/stream`: the chunk may be white space alone. */
export const appendChunkSchema = z.strictObject({ chunk: textSchema });
export type AppendChunk = z.output<typeof appendChunkSchema>;

/** `POST /api/messages/:id/complete` */
export const completeMessageSchema = z.strictObject({ content: textSchema.optional() }).nullish();
export type CompleteMessage = z.output<typeof completeMessageSchema>;

/** `POST /api/messages/:id/regenerate` */
export const regenerateSchema = z.strictObject({ model: toolNameSchema.optional() }).nullish();
export type Regenerate = z.output<typeof regenerateSchema>;
