import {
  LogUnavailable,
  WrongExpectedVersion,
  type AppendOutcome,
  type AppendUnit,
  type EventLog,
  type OpenTurn,
  type ReadOptions,
  type RecordedEvent,
  type StreamInfo,
  type TurnLease,
} from '#event-log';
import { deltaEventType } from '#model';

/** What happens to an append whose process is unlucky: it is lost before the commit, or its answer after it. */
export type Mishap = 'none' | 'lost' | 'unanswered';

/** Comes before and after each operation of a process: where it may be paused, and what may go wrong. */
export type Weather = { step(): Promise<void>; mishap(): Mishap };

type Row = { streamId: string; turnId: string; owner: string | null; leaseUntil: number; attempts: number };

/**
 * One conversation's log and turns table in memory, with the contract of the real one, for schedules that are drawn by
 * the thousand. Time is a number that the test moves.
 */
export class MemoryLog {
  now = 0;
  readonly events: RecordedEvent[] = [];
  row: Row | null = null;
  private snapshotRow: { seq: number; state: unknown } | null = null;
  private readonly info: StreamInfo;

  constructor(readonly streamId: string) {
    const origin = { firstSeq: 1, lineage: [], createdAt: new Date(0).toISOString() };
    this.info = { streamId, tenantId: 'tenant', ownerId: 'owner', kind: 'conversation', ...origin };
  }

  /** The log as one process sees it. */
  seenBy(weather: Weather, onAppended: (unit: AppendUnit) => void = () => undefined): EventLog {
    const visit = async <T>(work: () => T): Promise<T> => {
      await weather.step();
      const result = work();
      await weather.step();
      return result;
    };
    const view = {
      append: async (unit: AppendUnit) => {
        const mishap = weather.mishap();
        const outcome = await visit(() => (mishap === 'lost' ? null : this.append(unit)));
        if (outcome === null || mishap === 'unanswered') throw new LogUnavailable(`the append was ${mishap}`);
        onAppended(unit);
        return outcome;
      },
      read: (_: string, options: ReadOptions = {}) => visit(() => this.read(options)),
      head: () => visit(() => this.events.length),
      info: () => visit(() => this.info),
      epoch: () => Promise.resolve('epoch'),
      snapshot: () => visit(() => structuredClone(this.snapshotRow)),
      turnRow: () => visit(() => this.openTurn()),
      claimTurn: (lease: TurnLease) => visit(() => this.claim(lease)),
      renewLease: (lease: TurnLease) => visit(() => this.renew(lease)),
      onCommitted: () => () => undefined,
    };
    return view as unknown as EventLog;
  }

  append(unit: AppendUnit): AppendOutcome {
    const [part] = unit.appends;
    const { streamId, expectedSeq, events } = part!;
    const first = this.events[expectedSeq];
    // An earlier try of the same unit was committed.
    const ours = first?.eventId === events[0]!.eventId;
    if (!ours && this.events.length !== expectedSeq) throw new WrongExpectedVersion(streamId, expectedSeq);
    const at = ours ? first.at : new Date(this.now).toISOString();
    if (!ours) this.commit(unit, at);
    return {
      status: 'committed',
      positions: [{ streamId, seqFrom: expectedSeq + 1, seqTo: expectedSeq + events.length, at }],
    };
  }

  read(options: ReadOptions): RecordedEvent[] {
    const {
      after = 0,
      before = Infinity,
      upTo = Infinity,
      limit = 1000,
      direction,
      types,
      withoutDeltas,
    } = options;
    const found = this.events.filter(
      ({ seq, type }) =>
        seq > after &&
        seq < before &&
        seq <= upTo &&
        (types === undefined || types.includes(type)) &&
        !(withoutDeltas === true && type === deltaEventType),
    );
    return structuredClone((direction === 'backward' ? found.toReversed() : found).slice(0, limit));
  }

  openTurn(): OpenTurn | null {
    if (this.row === null) return null;
    const { streamId, turnId, owner, attempts, leaseUntil } = this.row;
    const started = this.events.find(
      ({ type, data }) => type === 'TurnStarted' && (data as Row).turnId === turnId,
    );
    return {
      streamId,
      turnId,
      owner,
      attempts,
      requestedAt: '',
      requestedAgeMs: this.now,
      leaseRuns: leaseUntil >= this.now,
      startedAt: started?.at ?? null,
    };
  }

  private commit({ appends, openTurn, closeTurn, snapshot }: AppendUnit, at: string): void {
    const { streamId, events } = structuredClone(appends[0]!);
    for (const event of events) this.events.push({ ...event, streamId, seq: this.events.length + 1, at });
    if (openTurn) this.row = { ...openTurn, owner: null, leaseUntil: -1, attempts: 0 };
    if (closeTurn && this.row?.turnId === closeTurn.turnId) this.row = null;
    if (snapshot) this.snapshotRow = structuredClone({ seq: snapshot.seq, state: snapshot.state });
  }

  private claim({ turnId, owner, leaseMs }: TurnLease): boolean {
    const { row } = this;
    if (row?.turnId !== turnId || row.leaseUntil >= this.now) return false;
    this.row = { ...row, owner, leaseUntil: this.now + leaseMs, attempts: row.attempts + 1 };
    return true;
  }

  private renew({ turnId, owner, leaseMs }: TurnLease): boolean {
    const { row } = this;
    if (row?.turnId !== turnId || row.owner !== owner || row.leaseUntil < this.now) return false;
    row.leaseUntil = this.now + leaseMs;
    return true;
  }
}
