import type { LoggedEvent } from '#model';

/**
 * Deepest nesting of an event's data that is folded. A request body has at most 64 levels; what goes to a thread and back
 * takes call frames for each level, and at 2,000 there were too few (measured).
 */
export const MAX_EVENT_DEPTH = 500;

export const TOO_DEEP = `data: nested deeper than ${MAX_EVENT_DEPTH} levels`;

/** The index of the first event that no fold is asked for; -1 where there is none. */
export function firstTooDeep(events: readonly LoggedEvent[]): number {
  return events.findIndex(({ data }) => isTooDeep(data));
}

/** Walks with a stack, so that depth itself costs no call frames. */
function isTooDeep(root: unknown): boolean {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, depth } = place;
    if (value === null || typeof value !== 'object') continue;
    if (depth >= MAX_EVENT_DEPTH) return true;
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return false;
}
