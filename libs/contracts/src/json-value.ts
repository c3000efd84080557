import { z } from 'zod';
import { issue, textProblem } from './text.js';

/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

type Place = { value: unknown; path: PropertyKey[] };

/** The first text or key inside a JSON value that cannot be stored. Walks with a stack, so depth costs no call frames. */
function badText(root: unknown): { path: PropertyKey[]; problem: string } | null {
  const open: Place[] = [{ value: root, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, path } = place;
    if (typeof value === 'string') {
      const problem = textProblem(value);
      if (problem) return { path, problem };
    } else if (value !== null && typeof value === 'object') {
      for (const [key, child] of Object.entries(value)) {
        const problem = textProblem(key);
        if (problem) return { path, problem: `has a key that ${problem}` };
        open.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
      }
    }
  }
  return null;
}

function refuseBadText(value: unknown, context: z.RefinementCtx): void {
  const found = badText(value);
  if (found) context.addIssue({ ...issue('invalid_text', found.problem, found.path), input: value });
}

/** Any JSON value whose texts can be stored. It comes from `JSON.parse`, so its kind needs no second check. */
export const jsonValueSchema = z
  .custom<JsonValue>((value) => value !== undefined, 'must be a JSON value')
  .superRefine(refuseBadText)
  .meta({ description: 'Any JSON value' });

/** A JSON object whose texts can be stored. */
export const jsonObjectSchema = z
  .custom<Record<string, JsonValue>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be a JSON object',
  )
  .superRefine(refuseBadText)
  .meta({ type: 'object', additionalProperties: true });
