import type { HeldUnit } from './held-unit.js';

/** Why a unit cannot be held now, and the units that stand in its way. */
export type Refusal =
  | { because: 'command'; holder: HeldUnit }
  | { because: 'seq'; holders: HeldUnit[]; streamId: string; expectedSeq: number };

/**
 * The units of one process that wait for their commit, in the order in which they came.
 *
 * The rules that make retrying and pipelining safe:
 * - A command key is held once.
 * - On a stream with held units, only the unit that goes on right after the last of them is accepted (it may come
 *   before that one's commit). Any other would fight for a seq that is taken.
 * - A stream is in one flush at a time: what follows a unit goes in the same flush behind it, or in a later one.
 * - In one flush a stream's turn is opened or closed at most once, as the flush writes table by table.
 */
export class AppendBuffer {
  private waiting: HeldUnit[] = [];
  private readonly byStream = new Map<string, HeldUnit[]>();
  private readonly byCommand = new Map<string, HeldUnit>();
  private readonly held = new Set<HeldUnit>();
  /** Streams of the flushes that are on their way. */
  private readonly flying = new Set<string>();
  waitingBytes = 0;
  heldBytes = 0;

  get heldCount(): number {
    return this.held.size;
  }

  /** The unit that waits longest. */
  get oldest(): HeldUnit | undefined {
    return this.waiting[0];
  }

  commandHolder(commandName: string): HeldUnit | undefined {
    return this.byCommand.get(commandName);
  }

  holds(unit: HeldUnit): boolean {
    return this.held.has(unit);
  }

  /** Null when the unit is held from now on. */
  hold(unit: HeldUnit): Refusal | null {
    const sameCommand = unit.commandName === null ? undefined : this.byCommand.get(unit.commandName);
    if (sameCommand) return { because: 'command', holder: sameCommand };
    for (const { streamId, expectedSeq } of unit.parts) {
      const holders = this.byStream.get(streamId);
      const tail = holders?.at(-1)?.parts.find((part) => part.streamId === streamId);
      if (holders && tail?.seqTo !== expectedSeq) return { because: 'seq', holders, streamId, expectedSeq };
    }
    for (const { streamId } of unit.parts) {
      const queue = this.byStream.get(streamId);
      if (queue) queue.push(unit);
      else this.byStream.set(streamId, [unit]);
    }
    if (unit.commandName !== null) this.byCommand.set(unit.commandName, unit);
    this.held.add(unit);
    this.waiting.push(unit);
    this.waitingBytes += unit.bytes;
    this.heldBytes += unit.bytes;
    return null;
  }

  /** The next flush: at least one unit if any may go, and at most `maxBytes` unless the first alone is larger. */
  take(maxBytes: number): HeldUnit[] {
    const taken: HeldUnit[] = [];
    const kept: HeldUnit[] = [];
    const blocked = new Set(this.flying);
    const turns = new Set<string>();
    let bytes = 0;
    let full = false;
    for (const unit of this.waiting) {
      const turn = (unit.unit.openTurn ?? unit.unit.closeTurn)?.streamId;
      full ||= taken.length > 0 && bytes + unit.bytes > maxBytes;
      if (full || unit.parts.some(({ streamId }) => blocked.has(streamId)) || (turn && turns.has(turn))) {
        kept.push(unit);
        for (const { streamId } of unit.parts) blocked.add(streamId);
        continue;
      }
      taken.push(unit);
      bytes += unit.bytes;
      if (turn) turns.add(turn);
    }
    this.waiting = kept;
    this.waitingBytes -= bytes;
    for (const { streamId } of taken.flatMap((unit) => unit.parts)) this.flying.add(streamId);
    return taken;
  }

  /** A flush is over: its streams may fly again. Its units were let go one by one. */
  landed(flush: readonly HeldUnit[]): void {
    for (const { streamId } of flush.flatMap((unit) => unit.parts)) this.flying.delete(streamId);
  }

  /** The later units on the unit's streams, and on theirs: they cannot be committed without it. In order. */
  followers(unit: HeldUnit): HeldUnit[] {
    const found = new Set<HeldUnit>([unit]);
    // a set grows while it is walked, so followers of followers are visited too
    for (const leader of found) {
      for (const { streamId } of leader.parts) {
        const queue = this.byStream.get(streamId) ?? [];
        for (const later of queue.slice(queue.indexOf(leader) + 1)) found.add(later);
      }
    }
    found.delete(unit);
    return [...found];
  }

  /** The unit's fate is known: it holds nothing any more. */
  release(unit: HeldUnit): void {
    if (!this.held.delete(unit)) return;
    this.heldBytes -= unit.bytes;
    if (unit.commandName !== null) this.byCommand.delete(unit.commandName);
    for (const { streamId } of unit.parts) {
      const queue = this.byStream.get(streamId)!.filter((other) => other !== unit);
      if (queue.length > 0) this.byStream.set(streamId, queue);
      else this.byStream.delete(streamId);
    }
    const position = this.waiting.indexOf(unit);
    if (position === -1) return;
    this.waiting.splice(position, 1);
    this.waitingBytes -= unit.bytes;
  }
}
