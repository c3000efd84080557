import { AsyncLocalStorage } from 'node:async_hooks';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';

/** What a line of work belongs to: it stands on each line that is logged meanwhile. */
export type WorkFields = { requestId?: string; conversationId?: string; seq?: number };

/** What is taken along to where no call leads, into a job or with a commit: small, and safe to be lost. */
export type WorkOrigin = { requestId?: string; traceparent?: string };

const REQUEST_ID = /^[\w.:-]{1,64}$/;
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

const storage = new AsyncLocalStorage<WorkFields>();

/** Runs work, and all that it calls or awaits, with these fields beside those that it has already. */
export function inContext<T>(fields: WorkFields, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** The fields of the work that calls this. */
export function contextFields(): WorkFields {
  return storage.getStore() ?? {};
}

/** Adds to the fields of the work that calls this, from now on: what becomes known on the way. */
export function noteInContext(fields: WorkFields): void {
  Object.assign(storage.getStore() ?? {}, fields);
}

/** Runs work that serves many, such as a group commit: whoever happened to begin it must not be named on its lines. */
export function outOfContext<T>(work: () => T): T {
  return storage.exit(() => context.with(ROOT_CONTEXT, work));
}

/** Where the work that calls this comes from; null: from nowhere in particular. */
export function workOrigin(): WorkOrigin | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  const { requestId } = contextFields();
  const { traceparent } = carrier;
  if (requestId === undefined && traceparent === undefined) return null;
  return { ...(requestId && { requestId }), ...(traceparent && { traceparent }) };
}

/** Runs work as a part of what it came from. What is not an origin, from another release perhaps, counts as none. */
export function withOrigin<T>(origin: unknown, work: () => T): T {
  const { requestId, traceparent } = (typeof origin === 'object' && origin ? origin : {}) as Record<
    string,
    unknown
  >;
  const fields = isText(requestId, REQUEST_ID) ? { requestId } : {};
  const carrier = isText(traceparent, TRACEPARENT) ? { traceparent } : {};
  const from = propagation.extract(ROOT_CONTEXT, carrier);
  return storage.run(fields, () => context.with(from, work));
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}
