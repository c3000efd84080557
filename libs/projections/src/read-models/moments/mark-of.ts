import type { EventData, EventType, LoggedEvent } from '#model';
import type { Mark } from './moment.js';

type Unnumbered = Omit<Mark, 'n'>;
type Marked = (kind: Mark['kind'], label: string | null, subjectId?: string) => Unnumbered;

const mark: Marked = (kind, label, subjectId) => ({
  kind,
  label,
  subjectId: subjectId ?? null,
  version: null,
});

type Ended = { turnId: string; projectId?: string | null; projectVersion?: number };

/** A turn's end is one mark: where it committed a version, that is what people look for. */
function turnEnd(status: string, { turnId, projectId, projectVersion }: Ended): Unnumbered {
  if (projectVersion === undefined) return mark('status', status, turnId);
  return { kind: 'version', label: status, subjectId: projectId ?? null, version: projectVersion };
}

/** How each event shows on the track; types that are not here have no mark. */
const marks: { [T in EventType]?: (data: EventData<T>) => Unnumbered } = {
  ConversationStarted: () => mark('status', 'started'),
  ConversationRenamed: () => mark('status', 'renamed'),
  ConversationArchived: () => mark('status', 'archived'),
  ConversationUnarchived: () => mark('status', 'unarchived'),
  ConversationTrashed: () => mark('status', 'trashed'),
  ConversationRestored: () => mark('status', 'restored'),
  ConversationForked: ({ parentId }) => mark('fork', 'forked', parentId),
  ConversationProjectLinked: ({ projectId }) => mark('status', 'linked', projectId),
  BranchSelected: ({ leafId }) => mark('status', 'branch', leafId),
  MessagePosted: ({ role, messageId }) => mark('message', role, messageId),
  MessageEdited: ({ messageId }) => mark('message', 'edited', messageId),
  MessageRemoved: ({ messageId }) => mark('message', 'removed', messageId),
  TurnStarted: ({ turnId }) => mark('status', 'running', turnId),
  AssistantMessageStarted: ({ messageId }) => mark('message', 'assistant', messageId),
  ToolCallStarted: ({ toolName, messageId }) => mark('tool', toolName, messageId),
  TurnCompleted: (data) => turnEnd('completed', data),
  TurnFailed: (data) => turnEnd('failed', data),
  TurnCancelled: (data) => turnEnd('cancelled', data),
  TurnInterrupted: (data) => turnEnd('interrupted', data),
};

/** The mark of an event that could be read, without its number; null for one that is none. */
export function markOf({ type, data }: Pick<LoggedEvent, 'type' | 'data'>): Unnumbered | null {
  if (!Object.hasOwn(marks, type)) return null;
  const make = marks[type as EventType] as (data: unknown) => Unnumbered;
  return make(data);
}
