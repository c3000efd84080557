import { z } from 'zod';
import { anyIdSchema } from './parameters.js';
import { projectFilesSchema } from './project.resources.js';
import { issue, promptSchema } from './text.js';

/** Longest prompt of the app's own routes, in UTF-16 units. */
export const MAX_LOL_PROMPT_LENGTH = 5_000;

const lolPromptSchema = promptSchema
  .superRefine((prompt, context) => {
    if (prompt.length <= MAX_LOL_PROMPT_LENGTH) return;
    const message = `must be at most ${MAX_LOL_PROMPT_LENGTH} characters`;
    context.addIssue({ ...issue('too_long', message), input: prompt });
  })
  .meta({ minLength: 1, maxLength: MAX_LOL_PROMPT_LENGTH });

/** `POST /api/iterate/claude/stream`: without `conversationId` a new conversation. */
export const iterateStreamSchema = z.strictObject({
  prompt: lolPromptSchema,
  projectId: anyIdSchema.nullish(),
  conversationId: anyIdSchema.nullish(),
});
export type IterateStream = z.output<typeof iterateStreamSchema>;

/** `POST /api/iterate/claude` */
export const iterateSchema = z.strictObject({ projectId: anyIdSchema, prompt: lolPromptSchema });
export type Iterate = z.output<typeof iterateSchema>;

/** `POST /api/ai/generate-claude` */
export const generateSchema = z.strictObject({ prompt: lolPromptSchema });
export type Generate = z.output<typeof generateSchema>;

/** 200 of `POST /api/ai/generate-claude` */
export const generatedSchema = z
  .object({
    id: z.guid(),
    title: z.string(),
    files: projectFilesSchema,
    compiled: z.string(),
    version: z.number().int().min(0),
  })
  .meta({ id: 'GeneratedProject' });
/** What the app's own routes answer when their turn has ended well. */
export type GeneratedProject = z.infer<typeof generatedSchema>;
