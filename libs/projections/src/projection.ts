import type { StreamKind } from '#event-log';
import type { ConversationState, LoggedEvent, Marker } from '#model';
import type { Queryable } from '#platform';
import { UnreadableEvent } from './errors.js';
import type { FoldName } from './folding/folds.js';
import type { Layer } from './reading/layers.js';
import type { AnyTable, ReadModelRows } from './tables/read-model-table.js';

/** The name of a projection; it never changes, its version does. */
export type ProjectionName = string;

/** The stream and the generation whose rows are meant. */
export type ProjectionTarget = { generation: number; streamId: string; tenantId: string; ownerId: string };

/** What a fold needs to know: where it starts, and the events that it goes over. */
export type LoadRequest = ProjectionTarget & {
  /** The state that was stored with the checkpoint; null before the first event. */
  state: unknown;
  /** The checkpoint: the rows are the fold of the events up to here. */
  after: number;
  /** Where the fold ends: at or after the last of `events`, only deltas lie between. */
  upTo: number;
  /** The events in (after, upTo], without deltas. */
  events: LoggedEvent[];
  /** Whose rows are the fold up to `after`: of a fork its ancestors' too, oldest first. Only those of `streamId` are its to change. */
  layers: Layer[];
  /** Rows in flight may be written anew. A read does not want that: it folds messages in flight by itself. */
  grow: boolean;
};

/** Where a fork goes on from: the conversation there, pruned, and whose rows tell of it. */
export type SeamRequest = { generation: number; conversation: ConversationState; layers: Layer[] };

export type FoldOptions = {
  /**
   * `park`: an event that cannot be read or applied is an error. `mark`: it becomes a marker beside the changes.
   * The projector parks, reads mark.
   */
  unreadable: 'park' | 'mark';
  /** Called with the index of each event before it is folded: whoever is killed in a fold is found by it. */
  begin?: (index: number) => void;
};

/**
 * The pure half of a projection: events → row changes. No clock, no random, no input or output; `context` and the changes
 * are plain JSON, so that it can run in a thread that can be killed.
 */
export interface ProjectionFold<Context, Changes extends FoldedChanges> {
  fold(context: Context, events: LoggedEvent[], options: FoldOptions): Changes;
}

export type FoldedChanges = {
  /** Goes on the checkpoint, and into the next load. */
  state: unknown;
  /** Events that could not be read, in the order of the log. */
  markers: Marker[];
};

/** @throws UnreadableEvent when the last event became a marker and the caller parks. */
export function refuseMarker(
  { markers, seq }: { markers: Marker[]; seq: number },
  { unreadable }: FoldOptions,
): void {
  const last = markers.at(-1);
  if (unreadable === 'park' && last?.seq === seq)
    throw new UnreadableEvent(seq, `${last.type}: ${last.problem}`);
}

/** A projection: how its rows are read and written. Its pure half is the fold named `foldName` (`folding/folds.ts`). */
export interface Projection<Context, Changes extends FoldedChanges> {
  readonly name: ProjectionName;
  /** A higher one means other rows: it needs a new generation. */
  readonly version: number;
  /** Which streams it folds; as `stream_kind` of its generations. */
  readonly kind: StreamKind;
  readonly foldName: FoldName;
  /** Its rows follow the deltas of a message in flight. Absent: deltas alone change none of them. */
  readonly followsDeltas?: boolean;
  /** Where its rows are. A generation is a partition of each. */
  readonly tables: readonly AnyTable[];
  /** SQL that makes the tables where they are not there yet. Absent: a migration makes them. */
  readonly parentTables?: readonly string[];
  /**
   * Reads the rows that the events touch; null when there is nothing to fold. The caller holds the lock, or a snapshot.
   * Nothing is stored of a stream before its first event: with `after` 0 no row is looked for.
   */
  load(q: Queryable, request: LoadRequest): Promise<Context | null>;
  /** The state that a fork's fold begins with: what the checkpoint would hold at the seam. Absent: its streams are not forked. */
  seamState?(q: Queryable, request: SeamRequest): Promise<unknown>;
  /** Writes each changed row once, in the transaction that moves the checkpoint. */
  write(q: Queryable, target: ProjectionTarget, changes: Changes): Promise<void>;
  /** Of a fold of a stream's own events from the first one on: all rows that `write` would have written. */
  rowsOf(target: ProjectionTarget, changes: Changes): ReadModelRows[];
}

// any: context and changes are each projection's own, and the runner only passes them on.
export type AnyProjection = Projection<any, any>;
export type AnyFold = ProjectionFold<any, any>;
