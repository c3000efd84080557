import type { LoggedEvent } from '#model';

/**
 * Deepest nesting of an event's data that is folded. A request body has at most 64 levels; what goes to a thread and back
 * takes call frames for each level, and at 2,000 there were too few (measured).
 */
export const MAX_EVENT_DEPTH = 500;

export const TOO_DEEP = `data: nested deeper than ${MAX_EVENT_DEPTH} levels`;

/** What a fold has to work through. */
export type FoldSize = {
  /** The index of the first event that no fold is asked for; -1 where there is none. Nothing after it is measured. */
  tooDeep: number;
  /** Of all strings in the data of the events. */
  characters: number;
};

export function sizeOfEvents(events: readonly LoggedEvent[]): FoldSize {
  let characters = 0;
  for (const [index, { data }] of events.entries()) {
    const measured = charactersIn(data);
    if (measured === null) return { tooDeep: index, characters };
    characters += measured;
  }
  return { tooDeep: -1, characters };
}

/** Null where it is too deep. Walks with a stack, so that depth itself costs no call frames. */
function charactersIn(root: unknown): number | null {
  let characters = 0;
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, depth } = place;
    if (typeof value === 'string') characters += value.length;
    if (value === null || typeof value !== 'object') continue;
    if (depth >= MAX_EVENT_DEPTH) return null;
    for (const child of Object.values(value)) open.push({ value: child, depth: depth + 1 });
  }
  return characters;
}
