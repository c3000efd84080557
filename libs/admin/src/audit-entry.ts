import type { RecordedEvent } from '#event-log';
import { adminEventSchemas, type AdminAction, type AdminEventData, type AdminEventType } from '#model';

/** What is done, to what. `parameters` hold no secret. */
export type AdminDeed<T = unknown> = {
  action: AdminAction;
  target: string;
  parameters?: Record<string, unknown>;
  /** What of the outcome the record keeps: a few figures or ids. */
  resultOf?: (value: T) => Record<string, unknown>;
};

/** One line of the audit. `requested` comes before anything is done; an action without a `done` or `failed` was cut off. */
export type AuditEntry = {
  /** Its position: page by it. */
  seq: number;
  at: string;
  requestId?: string;
} & (
  | (Omit<AdminEventData<'AdminActionTaken'>, 'outcome'> & { outcome: 'requested' | 'done' | 'failed' })
  /** An event that this code cannot read, and why: it is shown, not left out. */
  | { outcome: 'unreadable'; error: string }
);

/** The entry that an event of the admin stream stands for. */
export function auditEntryOf({ seq, at, type, data, metadata }: RecordedEvent): AuditEntry {
  const place = {
    seq,
    at,
    ...(typeof metadata.requestId === 'string' ? { requestId: metadata.requestId } : {}),
  };
  const schema = Object.hasOwn(adminEventSchemas, type) ? adminEventSchemas[type as AdminEventType] : null;
  if (!schema) return { ...place, outcome: 'unreadable', error: `unknown event type ${type}` };
  const read = schema.safeParse(data);
  if (!read.success) return { ...place, outcome: 'unreadable', error: `${type}: ${read.error.message}` };
  return { ...place, outcome: 'requested', ...read.data };
}
