import type { z, ZodType } from 'zod';
import { currentVersions, eventSchemas, type EventType, type EventData, type LoggedEvent } from './events.js';

/** A logged event that this code understands, its data in the newest version's shape. */
export type ReadableEvent = {
  [K in EventType]: Omit<LoggedEvent, 'type' | 'data'> & { type: K; data: EventData<K> };
}[EventType];

/** Lifts the data of one version to the next: `{MessagePosted: {1: (data) => …}}` makes version 2 of version 1. */
export type Upcasters = Partial<Record<EventType, Record<number, (data: unknown) => unknown>>>;

/** Every stored version that is older than its schema has a step here. All types are at version 1 today. */
export const upcasters: Upcasters = {};

/** Why the event cannot be read, in one line and without the event's own content. */
function problemOf(error: unknown): string {
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  if (!issues?.[0]) return error instanceof Error ? error.message : String(error);
  const [first] = issues;
  return `${['data', ...first.path].map(String).join('.')}: ${first.message}`;
}

/** Schemas by event type: those of conversations, or those of projects. */
type Schemas = Record<string, ZodType>;
/** A logged event of one of the schemas' types, in its newest shape. */
export type Lifted<S extends Schemas> = {
  [K in keyof S & string]: Omit<LoggedEvent, 'type' | 'data'> & { type: K; data: z.infer<S[K]> };
}[keyof S & string];

/**
 * The event in its newest shape, or the reason why it cannot be read: an unknown type, a version from the future,
 * data that its schema refuses. Never throws.
 */
export function lift<S extends Schemas>(
  event: LoggedEvent,
  schemas: S,
  steps: Record<string, Record<number, (data: unknown) => unknown> | undefined>,
  versions: Record<string, number>,
): { ok: true; event: Lifted<S> } | { ok: false; problem: string } {
  const { type } = event;
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (!schema) return { ok: false, problem: `unknown event type ${type}` };
  const newest = versions[type] ?? 1;
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > newest) {
    return {
      ok: false,
      problem: `${type} has version ${event.schemaVersion}, this code knows 1 to ${newest}`,
    };
  }
  try {
    let { data } = event;
    for (let version = event.schemaVersion; version < newest; version += 1) {
      const step = steps[type]?.[version];
      if (!step) return { ok: false, problem: `no upcaster for ${type} version ${version}` };
      data = step(data);
    }
    const parsed = schema.safeParse(data);
    if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
    return { ok: true, event: { ...event, type, data: parsed.data } as Lifted<S> };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** `lift` for the events of a conversation. */
export function upcast(
  event: LoggedEvent,
  steps: Upcasters = upcasters,
  versions: Record<string, number> = currentVersions,
): { ok: true; event: ReadableEvent } | { ok: false; problem: string } {
  return lift(event, eventSchemas, steps, versions);
}
