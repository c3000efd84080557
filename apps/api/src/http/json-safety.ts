/** Deepest nesting of a request body; bounds every recursive walk behind it. */
export const MAX_BODY_DEPTH = 64;

export type JsonDanger = { code: 'body_too_deep' | 'forbidden_key'; field: string; message: string };

const FORBIDDEN_KEY = '__proto__';

/**
 * What makes a parsed body unfit to be handed on: nesting beyond the limit, or a key that would set a prototype.
 * Walks with a stack, so that depth itself costs no call frames.
 */
export function jsonDanger(root: unknown): JsonDanger | null {
  const open: { value: unknown; path: string[] }[] = [{ value: root, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, path } = place;
    if (value === null || typeof value !== 'object') continue;
    if (path.length >= MAX_BODY_DEPTH) {
      const message = `must not nest deeper than ${MAX_BODY_DEPTH} levels`;
      return { code: 'body_too_deep', field: path[0] ?? '', message };
    }
    for (const [key, child] of Object.entries(value)) {
      if (key === FORBIDDEN_KEY) {
        return {
          code: 'forbidden_key',
          field: [...path, key].join('.'),
          message: `must not have a key ${key}`,
        };
      }
      open.push({ value: child, path: [...path, key] });
    }
  }
  return null;
}
