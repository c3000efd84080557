/** An event to append. `eventId` is chosen by the writer once and kept in every retry: it tells whose commit stands. */
export type NewEvent = {
  eventId: string;
  type: string;
  schemaVersion: number;
  data: unknown;
  metadata: Record<string, unknown>;
};

/** An event as the log holds it. */
export type RecordedEvent = NewEvent & {
  streamId: string;
  seq: number;
  /** ISO 8601 with milliseconds, UTC; never falls within a stream. */
  at: string;
};

/** What a stream is the log of. `admin`: what administrators of one tenant did; no projection reads it. */
export type StreamKind = 'conversation' | 'project' | 'admin';

/** Whose a stream is, and since when. Written with its first event and never changed. */
export type StreamInfo = {
  streamId: string;
  tenantId: string;
  ownerId: string;
  kind: StreamKind;
  /** Of its own first event: 1, or one more than where it was forked. */
  firstSeq: number;
  /** Which streams hold the seqs before `firstSeq`, oldest first; empty where it began by itself. */
  lineage: readonly LineageEntry[];
  createdAt: string;
};

/** An ancestor of a fork, and the last seq that it serves; it begins after the `upTo` of the entry before it. */
export type LineageEntry = { streamId: string; upTo: number };

/** A stream's head, and its own first events that are no deltas, from one snapshot. */
export type StreamBeginning = { head: number; events: RecordedEvent[] };

/** A stream that goes on from another one after `at`. `count`: how many it stands for, itself and those since the one before it. */
export type Fork = { streamId: string; at: number; createdAt: string; count: number };

/** The forks that go on after seqs up to `upTo`, all where none is given; at most `limit`, or 1,000. */
export type ForkRange = { upTo?: number; limit?: number };

/** One stream's part of a unit. The events get the seqs expectedSeq + 1, + 2, … */
export type StreamAppend = {
  streamId: string;
  /** The head that the writer has folded. With `create` 0, or the seq that is forked at. */
  expectedSeq: number;
  /** Present exactly in the unit that makes the stream. */
  create?: {
    tenantId: string;
    ownerId: string;
    kind: StreamKind;
    /** The stream goes on from another one: its seqs up to `expectedSeq` are those of the lineage. */
    fork?: { parentId: string; lineage: readonly LineageEntry[] };
  };
  tenantId: string;
  events: NewEvent[];
  /** No projection reads this stream, so nothing waits for it in `pending`. */
  unprojected?: true;
};

/** Names one command of one principal, for ever. */
export type CommandKey = { tenantId: string; principal: string; commandId: string };

/** The answer that every repeat of the command gets. `result` is small: it names what was made, not its contents. */
export type CommandRecord = CommandKey & {
  /** Hex SHA-256 of method, path and body. */
  bodySha256: string;
  streamId: string;
  result: unknown;
};

/** A command that was carried out, and where its events stand; `seqFrom` is null when it changed nothing. */
export type StoredCommand = CommandRecord & { seqFrom: number | null; seqTo: number };

/** One append: all of it is committed, or none. */
export type AppendUnit = {
  /** Empty only for a command that changed nothing. */
  appends: StreamAppend[];
  command?: CommandRecord & {
    /** Position that a command that changed nothing was decided at. */ decidedAtSeq?: number;
  };
  /** Ids that the events create, with the seq that created them. */
  entities?: { id: string; streamId: string; seq: number }[];
  /** Opens the conversation's one turn (a second open turn is a conflict). */
  openTurn?: { streamId: string; turnId: string };
  /** Removes the turn's row with its terminal event. */
  closeTurn?: { streamId: string; turnId: string };
  /** The small state that `decide` needs, as of `seq`. */
  snapshot?: { streamId: string; seq: number; reducerVersion: number; state: unknown };
};

/** What became of a unit. */
export type AppendOutcome =
  | {
      status: 'committed';
      /** per stream, in the order of `appends` */ positions: {
        streamId: string;
        seqFrom: number;
        seqTo: number;
        at: string;
      }[];
    }
  /** The command's key was answered before: nothing was appended now. */
  | { status: 'answered'; command: StoredCommand };

/** Which events of a stream are read, and in which order. All bounds hold together. */
export type ReadOptions = {
  /** Only seq > after. */
  after?: number;
  /** Only seq < before. */
  before?: number;
  /** Only seq <= upTo. */
  upTo?: number;
  /** At most so many (default 1,000). */
  limit?: number;
  direction?: 'forward' | 'backward';
  types?: readonly string[];
  /** Leave `StreamDeltaReceived` out: reads the partial index alone. */
  withoutDeltas?: boolean;
};

/** The subset of a connection that a read needs: pass one to read inside a transaction of yours. */
export interface Queryable {
  query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
}
