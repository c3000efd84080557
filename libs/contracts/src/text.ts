import { z } from 'zod';

/** Longest prompt or user message, in UTF-16 units. */
export const MAX_PROMPT_LENGTH = 200_000;
/** Longest title and longest tool name, in UTF-16 units. */
export const MAX_NAME_LENGTH = 255;

const loneSurrogate = /\p{Surrogate}/u;
const trailingHighSurrogate = /[\uD800-\uDBFF]$/;

/** Says why a text cannot be stored and shown everywhere; null when it can. */
export function textProblem(text: string): string | null {
  if (text.includes('\u0000')) return 'must not contain the character U+0000';
  if (loneSurrogate.test(text)) return 'must not contain half a surrogate pair';
  return null;
}

/** A zod issue with a code of ours: the problem answer carries it as `code`. */
export function issue(code: string, message: string, path?: PropertyKey[]) {
  return { code: 'custom' as const, params: { code }, message, ...(path ? { path } : {}) };
}

function refuseBadText(text: string, context: z.RefinementCtx): void {
  const problem = textProblem(text);
  if (problem) context.addIssue({ ...issue('invalid_text', problem), input: text });
}

function refuseLongerThan(limit: number) {
  return (text: string, context: z.RefinementCtx): void => {
    if (text.length > limit) {
      context.addIssue({ ...issue('too_long', `must be at most ${limit} characters`), input: text });
    }
  };
}

function refuseBlank(text: string, context: z.RefinementCtx): void {
  if (text.trim() === '')
    context.addIssue({ ...issue('blank', 'must not be empty or white space only'), input: text });
}

/** Any text that can be stored and shown: well-formed, without U+0000. May be empty or white space. */
export const textSchema = z.string().superRefine(refuseBadText);

/** What a person asks: not blank, at most 200,000 characters. */
export const promptSchema = textSchema
  .superRefine(refuseLongerThan(MAX_PROMPT_LENGTH))
  .superRefine(refuseBlank)
  .meta({ minLength: 1, maxLength: MAX_PROMPT_LENGTH });

/**
 * A title of at most 255 characters. Half a surrogate pair at its end is trimmed, because clients cut prompts at a
 * number of UTF-16 units.
 */
export const titleSchema = z
  .string()
  .overwrite((title) => title.replace(trailingHighSurrogate, ''))
  .superRefine(refuseBadText)
  .superRefine(refuseLongerThan(MAX_NAME_LENGTH))
  .meta({ maxLength: MAX_NAME_LENGTH });

/** The name of a tool: not blank, at most 255 characters. */
export const toolNameSchema = textSchema
  .superRefine(refuseLongerThan(MAX_NAME_LENGTH))
  .superRefine(refuseBlank)
  .meta({ minLength: 1, maxLength: MAX_NAME_LENGTH });
