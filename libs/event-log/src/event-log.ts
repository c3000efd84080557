import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, Database, type Config } from '#platform';
import { inAppendSpan } from './append-span.js';
import { commandName } from './command-name.js';
import { CommandStore } from './command-store.js';
import type { CommittedListener, FlushedListener } from './committed-listener.js';
import { IdempotencyKeyReused } from './errors.js';
import { EventReader } from './event-reader.js';
import { GroupCommit } from './group-commit.js';
import { holdUnit, type HeldUnit } from './held-unit.js';
import { LogEpoch } from './log-epoch.js';
import { PAYLOAD_CODEC, type PayloadCodec } from './payload-codec.js';
import { oldestPending, type PendingStream } from './pending-streams.js';
import { SnapshotStore, type Snapshot } from './snapshot-store.js';
import { TurnLeases } from './turn-leases.js';
import type { OpenTurn, TurnLease } from './turn-types.js';
import type {
  AppendOutcome,
  AppendUnit,
  CommandKey,
  Fork,
  ForkRange,
  Queryable,
  ReadOptions,
  RecordedEvent,
  StoredCommand,
  StreamBeginning,
  StreamInfo,
} from './types.js';

/** A slow flush takes one of these connections for itself; flying more at once gained nothing on two cores. */
const FLIGHTS = 4;
const BUFFER_MAX_BYTES = 16 * 1024 * 1024;
const BUFFER_MAX_UNITS = 10_000;

/**
 * The log: what is appended here is durable, gapless and in commit order in each stream, and is never changed again.
 * One instance a process, so that its appends are committed in groups.
 */
@Injectable()
export class EventLog {
  private readonly logger = new Logger('EventLog');
  private readonly listeners = new Set<CommittedListener>();
  private readonly flushListeners = new Set<FlushedListener>();
  private readonly commits: GroupCommit;
  private readonly reader: EventReader;
  private readonly commands: CommandStore;
  private readonly snapshots: SnapshotStore;
  private readonly turns: TurnLeases;
  private readonly logEpoch: LogEpoch;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) config: Pick<Config, 'flushMaxBytes' | 'flushMaxMs'>,
    @Inject(PAYLOAD_CODEC) private readonly codec: PayloadCodec,
  ) {
    const { flushMaxBytes, flushMaxMs } = config;
    const limits = { flights: FLIGHTS, bufferMaxBytes: BUFFER_MAX_BYTES, bufferMaxUnits: BUFFER_MAX_UNITS };
    this.commits = new GroupCommit(
      database.pool,
      { flushMaxBytes, flushMaxMs, ...limits },
      (unit) => this.announce(unit),
      (ms) => this.flushListeners.forEach((listener) => listener(ms)),
    );
    this.reader = new EventReader(database, codec);
    this.commands = new CommandStore(database);
    this.snapshots = new SnapshotStore(database);
    this.turns = new TurnLeases(database);
    this.logEpoch = new LogEpoch(database);
  }

  /**
   * Resolves after the commit: the whole unit is durable, or none of it. Units are taken in the order of the calls, and the one
   * after a unit on its stream (at its last seq) may be appended before that one is committed: it goes in the same flush
   * or in a later one, and fails with it. Any other unit on a stream of a unit in the buffer is refused, once that one's
   * fate is known, so that its owner finds what was written. A repeated command resolves to `answered`.
   * @throws WrongExpectedVersion: read on and decide again.
   * @throws IdempotencyKeyReused
   * @throws AppendRefused: the unit's data can never be appended.
   * @throws LogUnavailable after about 10 s, or at once when the buffer or the disk is full. The unit may have been committed:
   *   try again with the same event ids.
   */
  async append(unit: AppendUnit): Promise<AppendOutcome> {
    return inAppendSpan(unit, () => this.commits.submit(holdUnit(unit, this.codec)));
  }

  /**
   * Events of one stream by seq, in one snapshot; at most `limit` (1,000 where none is given). A fork's seqs up to its seam
   * are its ancestors' events, in every kind of read.
   */
  read(streamId: string, options: ReadOptions = {}, q?: Queryable): Promise<RecordedEvent[]> {
    return this.reader.read(streamId, options, q);
  }

  /**
   * Up to `limit` events after a seq, for those who follow the stream as it grows: what many of them ask for at once is read
   * together, and who asks for the same is given the same events, which nobody may change.
   */
  readNext(next: { streamId: string; after: number; limit: number }): Promise<RecordedEvent[]> {
    return this.reader.readNext(next);
  }

  /**
   * Of many streams at once the first `limit` events that are no deltas, of each one's own, with its head: one statement, so
   * one snapshot. Streams without an event are left out.
   */
  beginnings(
    streamIds: readonly string[],
    limit: number,
    q: Queryable,
  ): Promise<Map<string, StreamBeginning>> {
    return this.reader.beginnings(streamIds, limit, q);
  }

  /** The last seq of the stream; 0 = no such stream. */
  head(streamId: string, q?: Queryable): Promise<number> {
    return this.reader.head(streamId, q);
  }

  /** The last seq of each stream that exists. */
  heads(streamIds: readonly string[], q?: Queryable): Promise<Map<string, number>> {
    return this.reader.heads(streamIds, q);
  }

  /** Whose the stream is, and since when; null = no such stream. Written once, so it may be cached. */
  info(streamId: string, q?: Queryable): Promise<StreamInfo | null> {
    return this.reader.info(streamId, q);
  }

  /**
   * The streams that were forked off this one, by the seq that they go on after; not their forks. Where there are more than
   * `limit` they are evenly spread, the last one among them.
   */
  forks(streamId: string, range: ForkRange = {}, q?: Queryable): Promise<Fork[]> {
    return this.reader.forks(streamId, range, q);
  }

  /** How many forks go on in each of the stretches that follow one another: after the seqs up to its end. `ends` rise. */
  forkCounts(streamId: string, ends: readonly number[], q?: Queryable): Promise<number[]> {
    return this.reader.forkCounts(streamId, ends, q);
  }

  /** The stream that holds a message, turn or version, and the seq that created it. */
  entity(id: string, q?: Queryable): Promise<{ streamId: string; seq: number } | null> {
    return this.reader.entity(id, q);
  }

  /** The answer that the command got, if it was committed; does not wait for one that is on its way. */
  findCommand(key: CommandKey): Promise<StoredCommand | null> {
    return this.commands.find(key);
  }

  /**
   * The answer that the command got before; while it is being committed in this process, waits for it. Null: nobody has run
   * it, or somebody in another process is running it, which `append` finds out. Ask before deciding, and again before refusing.
   * @throws IdempotencyKeyReused when it was another body's.
   */
  async answeredOrWait(key: CommandKey, bodySha256: string): Promise<StoredCommand | null> {
    await this.commits.commandSettled(commandName(key));
    const stored = await this.commands.find(key);
    if (stored && stored.bodySha256 !== bodySha256) throw new IdempotencyKeyReused(key.commandId);
    return stored;
  }

  /** The kept state of that reducer version and the seq that it is as of: fold on from there. */
  snapshot(
    streamId: string,
    reducerVersion: number,
    q?: Queryable,
  ): Promise<{ seq: number; state: unknown } | null> {
    return this.snapshots.find(streamId, reducerVersion, q);
  }

  /**
   * The nearest kept snapshot that is not later than `at`: the stream's own, or that of the latest ancestor which has one
   * within what the stream inherited; null without one. @throws LogUnavailable
   */
  async snapshotAt(
    { streamId, lineage }: Pick<StreamInfo, 'streamId' | 'lineage'>,
    reducerVersion: number,
    at: number,
    q?: Queryable,
  ): Promise<{ seq: number; state: unknown } | null> {
    for (const holder of [{ streamId, upTo: at }, ...lineage.toReversed()]) {
      const snapshot = await this.snapshots.find(holder.streamId, reducerVersion, q);
      if (snapshot && snapshot.seq <= Math.min(at, holder.upTo)) return snapshot;
    }
    return null;
  }

  /** Keeps a snapshot apart from an append. An older one than the kept one changes nothing. */
  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.snapshots.save(snapshot);
  }

  /** 16 hex digits that name this history of the log: a cursor of another epoch means nothing here. */
  epoch(): Promise<string> {
    return this.logEpoch.get();
  }

  /** True: the lease is this owner's now, until `leaseMs` from now by the database's clock. False while anyone's runs. */
  claimTurn(lease: TurnLease): Promise<boolean> {
    return this.turns.claim(lease);
  }

  /** False: the lease has run out or is another's, or the turn is over. Its runner must stop. */
  renewLease(lease: TurnLease): Promise<boolean> {
    return this.turns.renew(lease);
  }

  /** Turns to be started: never started, and no lease runs. Oldest first. */
  unownedTurns(limit: number): Promise<OpenTurn[]> {
    return this.turns.open('unowned', null, limit);
  }

  /** Turns to be interrupted: started, and the lease has run out. Oldest first. */
  expiredTurns(limit: number): Promise<OpenTurn[]> {
    return this.turns.open('expired', null, limit);
  }

  /** The stream's open turn. */
  async turnRow(streamId: string): Promise<OpenTurn | null> {
    const [turn] = await this.turns.open('any', streamId, 1);
    return turn ?? null;
  }

  /** Streams ahead of their projections, longest first. */
  pending(limit: number): Promise<PendingStream[]> {
    return oldestPending(this.database, limit);
  }

  /** Calls `listener` after each commit of this process, once a stream of the unit. The function it gives ends that. */
  onCommitted(listener: CommittedListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener` after each group commit of this process. The function it gives ends that. */
  onFlushed(listener: FlushedListener): () => void {
    this.flushListeners.add(listener);
    return () => this.flushListeners.delete(listener);
  }

  /** Resolves when nothing that was appended here is without a known fate. */
  drained(): Promise<void> {
    return this.commits.drained();
  }

  private announce(unit: HeldUnit): void {
    for (const { streamId, seqTo, nonDeltaSeq, events } of unit.parts) {
      const facts = { types: events.map(({ type }) => type), origin: unit.origin };
      for (const listener of this.listeners) {
        try {
          listener(streamId, seqTo, nonDeltaSeq !== null, facts);
        } catch (error) {
          // the unit is committed whatever a listener does: its owner must hear that
          this.logger.error('a listener on commits failed', (error as Error).stack);
        }
      }
    }
  }
}
