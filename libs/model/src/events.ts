import { z } from 'zod';
import type { JsonValue } from '#contracts';

const id = z.guid();
const role = z.enum(['user', 'assistant', 'system', 'tool']);
const streamingStatus = z.enum(['pending', 'streaming', 'complete', 'error']);
/** One content block as the Messages API writes it; unknown block types pass through. */
const contentBlock = z.looseObject({ type: z.string() });
/** Data comes out of `JSON.parse`: that it is there is all there is to check, at any size and depth. */
const json = z.custom<JsonValue>((value) => value !== undefined, 'must be a JSON value');
const jsonObject = z.record(z.string(), z.unknown());
/**
 * The project's tree that the conversation is at from this event on: its stream and a seq there. Always both or neither, but
 * that a link made before anyone looked at the project has no `projectSeq`.
 */
const projectPlace = { projectId: id.nullish(), projectSeq: z.number().int().min(0).nullish() };
/** The version that the turn's files were committed as, in the same unit as this event. */
const projectVersion = z.number().int().min(1).optional();
/**
 * What Claude must be told of what happened to the project since it was last told: it is sent with the turn's user message or
 * with the tool's result, and then for good.
 */
const projectNote = z.string().optional();
/** Where a turn that changed files left the project. */
const turnEnd = { ...projectPlace, projectVersion };
const toolFields = {
  toolName: z.string().optional(),
  toolCall: json.optional(),
  toolResult: json.optional(),
};

/**
 * Everything that can happen to a conversation, past tense, one zod schema a type.
 * A schema here is the newest version; older stored versions are lifted by `upcast` before they are read.
 */
export const eventSchemas = {
  ConversationStarted: z.object({ ...projectPlace, title: z.string().nullish() }),
  ConversationRenamed: z.object({ title: z.string() }),
  ConversationArchived: z.object({}),
  ConversationUnarchived: z.object({}),
  ConversationTrashed: z.object({}),
  ConversationRestored: z.object({}),
  ConversationForked: z.object({ parentId: id, at: z.number().int().min(1) }),
  ConversationProjectLinked: z.object({ ...projectPlace, projectId: id }),
  BranchSelected: z.object({ leafId: id }),

  MessagePosted: z.object({
    messageId: id,
    parentId: id.nullable(),
    role,
    content: z.array(contentBlock),
    streamingStatus: streamingStatus.optional(),
    projectId: id.nullish(),
    metadata: jsonObject.optional(),
    ...toolFields,
  }),
  MessageChunkAppended: z.object({ messageId: id, chunk: z.string() }),
  /** A revision: each field that is present replaces; `metadata` replaces as a whole. */
  MessageEdited: z.object({
    messageId: id,
    content: z.array(contentBlock).optional(),
    streamingStatus: streamingStatus.optional(),
    toolResult: json.optional(),
    metadata: jsonObject.optional(),
  }),
  MessageRemoved: z.object({ messageId: id }),

  /** `messageId` is the user message to answer: the tip that the turn's first answer is a child of. */
  TurnRequested: z.object({ turnId: id, messageId: id, model: z.string().optional() }),
  TurnStarted: z.object({ turnId: id, owner: z.string(), projectNote, ...projectPlace }),
  /** The request was built from the events in [fromSeq, toSeq] and hashes to `sha256`. */
  ModelRequested: z.object({
    turnId: id,
    step: z.number().int().min(1),
    fromSeq: z.number().int().min(1),
    toSeq: z.number().int().min(1),
    model: z.string(),
    params: jsonObject,
    sha256: z.string(),
  }),
  AssistantMessageStarted: z.object({
    turnId: id,
    messageId: id,
    parentId: id,
    step: z.number().int().min(1),
  }),
  /** One raw streaming event of the Messages API, unchanged. */
  StreamDeltaReceived: z.looseObject({ type: z.string() }),
  /** `message` is the fold of the deltas since `AssistantMessageStarted`. */
  AssistantMessageCompleted: z.object({
    turnId: id,
    messageId: id,
    message: z.looseObject({ content: z.array(contentBlock) }),
    stopReason: z.string().nullable(),
    usage: jsonObject.nullable(),
    projectVersion,
  }),
  /** `messageId` is the id of the call's own `tool` row; `parentId` the row before it. */
  ToolCallStarted: z.object({
    turnId: id,
    messageId: id,
    parentId: id,
    assistantMessageId: id,
    toolUseId: z.string(),
    toolName: z.string(),
    input: json,
    ...projectPlace,
  }),
  /**
   * `projectChanged`: the call's files were written in the same unit, and `projectSeq` is the last of their events. A result that is
   * too large for the log is a blob: `result` is then its beginning.
   */
  ToolCallSucceeded: z.object({
    turnId: id,
    assistantMessageId: id,
    toolUseId: z.string(),
    messageId: id,
    result: json,
    resultBlob: z.object({ sha256: z.string(), size: z.number().int() }).optional(),
    projectChanged: z.boolean().optional(),
    projectNote,
    ...projectPlace,
  }),
  /**
   * Without `messageId` it is a repair: the call was asked for in `assistantMessageId` but never begun (its turn was
   * aborted), so it has no row; the error becomes its result in everything that Claude is sent later.
   */
  ToolCallFailed: z.object({
    turnId: id,
    assistantMessageId: id,
    toolUseId: z.string(),
    messageId: id.nullish(),
    code: z.string(),
    error: z.string(),
    projectNote,
    ...projectPlace,
  }),
  TurnCompleted: z.object({
    turnId: id,
    stopReason: z.string().nullable(),
    steps: z.number().int(),
    ...turnEnd,
  }),
  TurnFailed: z.object({ turnId: id, code: z.string(), message: z.string(), ...turnEnd }),
  TurnCancelled: z.object({ turnId: id, reason: z.string().optional(), ...turnEnd }),
  TurnInterrupted: z.object({ turnId: id, reason: z.string(), ...turnEnd }),
} as const;

/** The name of an event that this code knows. */
export type EventType = keyof typeof eventSchemas;
/** The data of one event type, in its newest version. */
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;

/** The version that a new event of each type is written with. */
export const currentVersions: Record<EventType, number> = Object.fromEntries(
  Object.keys(eventSchemas).map((type) => [type, 1]),
) as Record<EventType, number>;

/** Whom and what an event came from. A delta carries `turnId` alone: five fields cost 660 B of WAL instead of 340. */
export type EventMetadata = {
  turnId?: string;
  userId?: string;
  requestId?: string;
  commandId?: string;
};

/** An event that someone wants to append. */
export type DomainEvent<T extends EventType = EventType> = {
  [K in T]: { type: K; data: EventData<K>; metadata?: EventMetadata };
}[T];

/** An event as it stands in the log: `type` may be one that this code does not know, so `data` is unknown. */
export type LoggedEvent = {
  seq: number;
  type: string;
  /** ISO 8601, milliseconds, UTC; never falls within a stream. */
  at: string;
  schemaVersion: number;
  data: unknown;
  metadata: EventMetadata;
};

/** A turn ends with exactly one of these. */
export const terminalEventTypes = [
  'TurnCompleted',
  'TurnFailed',
  'TurnCancelled',
  'TurnInterrupted',
] as const;
/** The one type that folds of finished answers and rebuilds can do without. */
export const deltaEventType = 'StreamDeltaReceived';
