import type { Pool } from 'pg';
import { inLinkedSpan, outOfContext } from '#platform';
import { AppendBuffer } from './append-buffer.js';
import { countCommitted, countFailed, timeFlush } from './commit-metrics.js';
import { LogUnavailable, IdempotencyKeyReused, WrongExpectedVersion } from './errors.js';
import { Fate } from './fate.js';
import { FlushRunner, type UnitFates } from './flush-runner.js';
import { FlushStore } from './flush-store.js';
import type { HeldUnit } from './held-unit.js';
import type { AppendOutcome, StoredCommand } from './types.js';
import { committedOutcome, storedCommandOf } from './unit-outcome.js';

export type GroupCommitOptions = {
  /** A flush takes at most so many bytes, and a buffer with as many starts another beside the one on its way. */
  flushMaxBytes: number;
  /** So does a unit that has waited this long. */
  flushMaxMs: number;
  /** Flushes on their way at a time, each on a connection of its own. */
  flights: number;
  /** Above these the buffer is full, and a unit is refused at once. */
  bufferMaxBytes: number;
  bufferMaxUnits: number;
};

/**
 * Commits the units of one process in groups: a flush starts as soon as the one before returned, with all that came
 * meanwhile. A unit that waits longer than `flushMaxMs`, or a buffer of `flushMaxBytes`, takes another connection, so that
 * one slow flush does not hold up the rest.
 */
export class GroupCommit implements UnitFates {
  private readonly buffer = new AppendBuffer();
  private readonly fatesOf = new Map<HeldUnit, Fate>();
  private readonly runner: FlushRunner;
  private flights = 0;
  private scheduled = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    pool: Pool,
    private readonly options: GroupCommitOptions,
    private readonly onCommitted: (unit: HeldUnit) => void,
    private readonly onFlushed: (ms: number) => void = () => undefined,
  ) {
    this.runner = new FlushRunner(new FlushStore(pool), this);
  }

  /**
   * Settles when the unit's fate is known. Units are taken in the order of the calls. A unit that the buffer refuses settles
   * after those that stand in its way, so that its owner then finds what they wrote.
   */
  async submit(unit: HeldUnit): Promise<AppendOutcome> {
    for (;;) {
      this.refuseIfFull(unit);
      const refusal = this.buffer.hold(unit);
      if (refusal === null) break;
      if (refusal.because === 'seq') {
        await this.settled(refusal.holders);
        throw new WrongExpectedVersion(refusal.streamId, refusal.expectedSeq);
      }
      const repeat = await this.repeatOf(refusal.holder, unit);
      if (repeat) return repeat;
    }
    const fate = new Fate();
    this.fatesOf.set(unit, fate);
    this.schedule();
    return fate.outcome;
  }

  /** Waits until no unit with this command is held here. @throws LogUnavailable when its fate stayed unknown. */
  async commandSettled(commandName: string): Promise<void> {
    const holder = this.buffer.commandHolder(commandName);
    if (holder) await this.settled([holder]);
  }

  /** Waits until the buffer is empty. */
  async drained(): Promise<void> {
    while (this.fatesOf.size > 0) {
      await Promise.allSettled([...this.fatesOf.values()].map((fate) => fate.outcome));
    }
  }

  committed(unit: HeldUnit, ats: number[]): void {
    this.release(unit)?.resolve(committedOutcome(unit, ats));
    countCommitted(unit);
    this.onCommitted(unit);
  }

  answered(unit: HeldUnit, command: StoredCommand): void {
    const followers = this.buffer.followers(unit);
    this.release(unit)?.resolve({ status: 'answered', command });
    this.failFollowers(followers);
  }

  failed(unit: HeldUnit, error: Error): void {
    countFailed(error);
    const followers = this.buffer.followers(unit);
    this.release(unit)?.reject(error);
    this.failFollowers(followers, error);
  }

  holds(unit: HeldUnit): boolean {
    return this.buffer.holds(unit);
  }

  private failFollowers(followers: HeldUnit[], error?: Error): void {
    for (const follower of followers) {
      const { streamId, expectedSeq } = follower.parts[0]!;
      const own = error instanceof LogUnavailable ? error : new WrongExpectedVersion(streamId, expectedSeq);
      this.release(follower)?.reject(own);
    }
  }

  private release(unit: HeldUnit): Fate | undefined {
    const fate = this.fatesOf.get(unit);
    this.fatesOf.delete(unit);
    this.buffer.release(unit);
    return fate;
  }

  private refuseIfFull(unit: HeldUnit): void {
    const { bufferMaxBytes, bufferMaxUnits } = this.options;
    const { heldBytes, heldCount } = this.buffer;
    if (heldCount > 0 && (heldBytes + unit.bytes > bufferMaxBytes || heldCount >= bufferMaxUnits)) {
      throw new LogUnavailable(`the append buffer is full: ${heldCount} units, ${heldBytes} bytes`);
    }
  }

  /** The answer of a unit whose command is held already, or null when that one was refused and left no trace. */
  private async repeatOf(holder: HeldUnit, unit: HeldUnit): Promise<AppendOutcome | null> {
    const [ending] = await this.settled([holder]);
    if (ending?.status !== 'fulfilled') return null;
    const command = ending.value.status === 'answered' ? ending.value.command : storedCommandOf(holder);
    if (!command) return null;
    if (command.bodySha256 !== unit.unit.command?.bodySha256)
      throw new IdempotencyKeyReused(command.commandId);
    return { status: 'answered', command };
  }

  private async settled(holders: readonly HeldUnit[]): Promise<PromiseSettledResult<AppendOutcome>[]> {
    const fates = holders.flatMap((holder) => this.fatesOf.get(holder) ?? []);
    const endings = await Promise.allSettled(fates.map((fate) => fate.outcome));
    const lost = endings.find(
      (ending) => ending.status === 'rejected' && ending.reason instanceof LogUnavailable,
    );
    if (lost?.status === 'rejected') throw lost.reason;
    return endings;
  }

  /** Once a turn of the event loop, so that everything that is submitted in it goes together. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.takeOff();
    });
  }

  private takeOff(): void {
    // one clock reading for both: a unit that is not due by the first must be woken for by the second
    const now = performance.now();
    while (this.flights < this.options.flights && this.due(now)) {
      const flush = this.buffer.take(this.options.flushMaxBytes);
      if (flush.length === 0) break;
      void outOfContext(() => this.fly(flush));
    }
    this.wakeForTheOldest(now);
  }

  private due(now: number): boolean {
    const { oldest, waitingBytes } = this.buffer;
    if (!oldest) return false;
    const { flushMaxBytes, flushMaxMs } = this.options;
    return this.flights === 0 || waitingBytes >= flushMaxBytes || now >= oldest.heldAt + flushMaxMs;
  }

  private async fly(flush: HeldUnit[]): Promise<void> {
    this.flights++;
    const began = performance.now();
    try {
      const served = flush.flatMap(({ span }) => span ?? []);
      await inLinkedSpan('flush', { 'chatlog.units': flush.length }, served, () => this.runner.run(flush));
    } catch (error) {
      // a defect of this code: whoever waits must hear of it
      const lost = new LogUnavailable(`the fate of the unit is unknown: ${(error as Error).stack}`);
      for (const unit of flush) if (this.holds(unit)) this.failed(unit, lost);
    } finally {
      const ms = performance.now() - began;
      timeFlush(ms, flush.length);
      this.onFlushed(ms);
      this.flights--;
      this.buffer.landed(flush);
      // the owners that were just answered append their next units first
      this.schedule();
    }
  }

  /** What waits longer than it should and still stays has its stream, or all connections, on the way: the next landing sees to it. */
  private wakeForTheOldest(now: number): void {
    clearTimeout(this.timer);
    const { oldest } = this.buffer;
    if (!oldest) return;
    const wait = oldest.heldAt + this.options.flushMaxMs - now;
    if (wait > 0) this.timer = setTimeout(() => this.takeOff(), wait);
  }
}
