import type { StreamGate, TurnVersions } from '#conversations';
import {
  EventLog,
  LogUnavailable,
  WrongExpectedVersion,
  type AppendUnit,
  type RecordedEvent,
} from '#event-log';
import {
  copyState,
  currentVersions,
  deltaEventType,
  evolve,
  newId,
  prune,
  reducerVersion,
  type ConversationState,
  type DomainEvent,
} from '#model';
import { noteInContext } from '#platform';
import type { ProjectPart } from '#projects';
import type { Fence } from './fence.js';
import type { LogReads } from './log-reads.js';
import { pause } from './pause.js';
import type { TurnContext } from './turn-context.js';
import { TurnStopped } from './turn-stopped.js';

/** What a turn wants to append next, decided on the state that it is given. */
export type Draft = {
  events: DomainEvent[];
  /** Ids that the events create, with the index of the creating event. */
  entities?: { id: string; index: number }[];
  /** The events end the turn. */
  ends?: boolean;
  /** What the same unit appends to the project's stream. */
  project?: ProjectPart | null;
};

export type TurnLogPorts = {
  log: Pick<EventLog, 'append'>;
  reads: LogReads;
  gate: StreamGate;
  fence: Fence;
  /** Follows the log event by event, as this does. */
  context: Pick<TurnContext, 'follow'>;
  /** Adds the version of the files that the turn has changed to the unit that ends it. */
  complete: TurnVersions['complete'];
  /** How long PostgreSQL may be away before an append gives up. */
  patienceMs: number;
};

/** `owner` is the runner, `ownerId` whose the conversation is. */
export type TurnIdentity = {
  streamId: string;
  tenantId: string;
  ownerId: string;
  turnId: string;
  owner: string;
};

const pageSize = 1000;
const longestPauseMs = 500;
/** Between lost races for a project's head. */
const longestDelayMs = 20;

/** Others were first: on the conversation itself, or on the project beside it. */
type Committed = 'committed' | 'behind' | 'behind on project';

/**
 * The log as one running turn sees it: the head that it has folded, and the decision state there (without deltas).
 * Guarantee: every event of the turn is appended right behind everything that was folded before it was decided, and
 * nothing is appended once the fence has been met.
 */
export class TurnLog {
  private current: ConversationState;
  private appendingTo = 0;
  /** Met once, the fence stands: a later append would be decided on a state that has the end in it. */
  private stopped: TurnStopped | null = null;

  constructor(
    private readonly ports: TurnLogPorts,
    readonly turn: TurnIdentity,
    state: ConversationState,
  ) {
    // `evolve` changes the state that it is given, and this one is someone's cache.
    this.current = copyState(state);
  }

  /** Pruned, but for what this turn added; `seq` is the head. */
  get state(): ConversationState {
    return this.current;
  }

  /** The head after the unit that is being appended, or the head: what is committed beyond it is others'. */
  get pendingSeq(): number {
    return Math.max(this.current.seq, this.appendingTo);
  }

  /**
   * Resolves once the draft's events are committed. Where others appended first it reads on and asks for the draft
   * again; while PostgreSQL is away it tries the same unit again.
   * @throws TurnStopped when the log says that the turn is not this runner's (any more), or `signal`'s reason
   * @throws LogUnavailable after `patienceMs`; AppendRefused
   */
  async append(
    draft: (state: ConversationState) => Draft | Promise<Draft>,
    signal?: AbortSignal,
  ): Promise<void> {
    // Kept while its outcome is unknown: only the same event ids can tell whether it was committed.
    let unit: AppendUnit | null = null;
    const attempt = (): Promise<Committed> =>
      this.ports.gate.run(this.turn.streamId, async () => {
        if (this.stopped !== null) throw this.stopped;
        unit ??= await this.unitOf(await draft(this.current));
        return this.commit(unit);
      });
    for (let lost = 0; ;) {
      const outcome = await this.patiently(attempt, signal);
      if (outcome === 'committed') return;
      unit = null;
      if (outcome === 'behind on project')
        await pause(Math.random() * Math.min(2 * (lost += 1), longestDelayMs));
    }
  }

  /**
   * The work's result; while PostgreSQL is away it is tried again.
   * @throws LogUnavailable after `patienceMs`; what else the work throws, or `signal`'s reason
   */
  async patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const giveUpAt = performance.now() + this.ports.patienceMs;
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        // The log itself tries for some time before it says so.
        if (!(error instanceof LogUnavailable) || performance.now() >= giveUpAt) throw error;
        await pause(pauseMs * (0.75 + Math.random() / 2));
      }
    }
  }

  /** Looks beyond the head for a reason to stop; changes nothing. @throws LogUnavailable */
  async peek(): Promise<TurnStopped | null> {
    const { streamId, turnId, owner } = this.turn;
    const events = await this.ports.reads.read(streamId, {
      after: this.current.seq,
      types: this.ports.fence.types,
    });
    for (const event of events) {
      const reason = this.ports.fence.reasonIn(event, turnId, owner);
      if (reason !== null) return new TurnStopped(reason);
    }
    return null;
  }

  private async unitOf({ events, entities = [], ends = false, project }: Draft): Promise<AppendUnit> {
    const { streamId, tenantId, turnId } = this.turn;
    const expectedSeq = this.current.seq;
    const unit: AppendUnit = {
      appends: [
        {
          streamId,
          tenantId,
          expectedSeq,
          events: events.map(({ type, data }) => ({
            eventId: newId(),
            type,
            schemaVersion: currentVersions[type],
            data,
            metadata: { turnId },
          })),
        },
        ...(project ? [project.append] : []),
      ],
      entities: [
        ...entities.map(({ id, index }) => ({ id, streamId, seq: expectedSeq + 1 + index })),
        ...(project?.entities ?? []),
      ],
      ...(ends && {
        closeTurn: { streamId, turnId },
        // As of before the unit: when its events happened is not known until they are committed.
        snapshot: { streamId, seq: expectedSeq, reducerVersion, state: prune(this.current) },
      }),
    };
    return this.ports.complete(unit, this.current);
  }

  /** Unless it is committed, the draft must be made again on what others wrote. */
  private async commit(unit: AppendUnit): Promise<Committed> {
    const [part] = unit.appends;
    this.appendingTo = part!.expectedSeq + part!.events.length;
    try {
      const outcome = await this.ports.log.append(unit);
      if (outcome.status !== 'committed') throw new Error('a unit without a command cannot be answered');
      const at = outcome.positions[0]!.at;
      for (const [index, event] of part!.events.entries()) {
        this.fold({ ...event, streamId: part!.streamId, seq: part!.expectedSeq + 1 + index, at });
      }
      noteInContext({ seq: this.current.seq });
      if (unit.closeTurn) this.stopped = new TurnStopped('ended');
      return 'committed';
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      // A unit is whole or absent: what stands on the conversation tells of the project too.
      if (await this.readOn(new Set(part!.events.map(({ eventId }) => eventId)))) return 'committed';
      return error.streamId === part!.streamId ? 'behind' : 'behind on project';
    }
  }

  /** Folds what others appended; true when it was this unit after all (an earlier try whose answer was lost). */
  private async readOn(own: Set<string>): Promise<boolean> {
    const { streamId, turnId, owner } = this.turn;
    let committed = false;
    for (let full = true; full;) {
      const page = await this.ports.reads.read(streamId, { after: this.current.seq, limit: pageSize });
      for (const event of page) {
        this.fold(event);
        if (own.has(event.eventId)) committed = true;
        else {
          const reason = this.ports.fence.reasonIn(event, turnId, owner);
          if (reason !== null) this.stopped ??= new TurnStopped(reason);
        }
      }
      full = page.length === pageSize;
    }
    // What ends the turn may be this very unit; whoever appended behind it is not in its way.
    if (this.stopped !== null && !committed) throw this.stopped;
    return committed;
  }

  private fold(event: RecordedEvent): void {
    const { seq, type, at, schemaVersion, data, metadata } = event;
    // A unit that is found to be committed after all may have been read already.
    if (seq <= this.current.seq) return;
    this.ports.context.follow(event);
    if (type === deltaEventType) this.current.seq = seq;
    else this.current = evolve(this.current, { seq, type, at, schemaVersion, data, metadata });
  }
}
