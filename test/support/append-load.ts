import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  LogUnavailable,
  WrongExpectedVersion,
  type AppendUnit,
  type EventLog,
  type NewEvent,
} from '#event-log';
import { event, TENANT } from './event-log.js';
import type { Prng } from './prng.js';

/** An event that an append was told is committed. */
export type AckedEvent = { streamId: string; seq: number; eventId: string; bytes: string };
/** An append and its fate: when its events were recorded. */
export type Flight = Promise<{ recordedAt: string }>;

type Writer = { streams: [string, string]; heads: Map<string, number> };

/** No crash keeps a server away for so long. */
const GIVE_UP_MS = 60_000;
const TEXTS = ['', 'word', 'a\u0000b', '时间', '😀 \ud83d', 'x'.repeat(700)];

/**
 * Writers that append as fast as they are answered: deltas, events with rows beside them, and units of two streams. One that
 * hears that the log did not answer sends the same unit again until it does. A writer is alone on its streams, so a head
 * that is not where it was told is a loss; it goes on from what it finds.
 */
export class AppendLoad {
  readonly acked: AckedEvent[] = [];
  /** Units that were told to be committed. */
  units = 0;
  /** Appends that ended without a known fate, and were sent again. */
  unknown = 0;
  /** Heads that were not where the last answer had said. */
  surprises = 0;
  private readonly flights = new Set<Flight>();
  private readonly running: Promise<void>[];
  private stopping = false;

  constructor(
    private readonly log: EventLog,
    private readonly prng: Prng,
    writers: number,
  ) {
    this.running = Array.from({ length: writers }, () => this.write());
    // told by `reaches` and `stop`, which may be called later
    for (const writer of this.running) writer.catch(() => undefined);
  }

  /** The appends that have no answer at this moment. */
  inFlight(): Flight[] {
    return [...this.flights];
  }

  /** Resolves when so many units were acknowledged. @throws what no writer expects, or when they come to a halt */
  async reaches(units: number): Promise<void> {
    const reached = new AbortController();
    const watch = async (): Promise<void> => {
      while (this.units < units && !reached.signal.aborted) await pause(5);
    };
    await Promise.race([watch(), Promise.all(this.running)]).finally(() => reached.abort());
  }

  /** Resolves when every append has been answered. @throws what no writer expects */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  private async write(): Promise<void> {
    const writer: Writer = { streams: [randomUUID(), randomUUID()], heads: new Map() };
    while (!this.stopping) {
      const unit = this.anyUnit(writer);
      const flight = this.untilAnswered(unit);
      this.flights.add(flight);
      await flight.catch(() => undefined);
      this.flights.delete(flight);
      await this.noteFate(flight, unit, writer);
    }
  }

  private anyUnit({ streams, heads }: Writer): AppendUnit {
    const { prng } = this;
    const chosen = prng.next() < 0.15 ? streams : [prng.pick(streams)];
    const counts = chosen.map(() => prng.between(1, 3));
    const [unit, of] = [randomUUID(), counts.reduce((sum, count) => sum + count, 0)];
    const type = prng.next() < 0.8 ? 'StreamDeltaReceived' : 'Noted';
    const events = (count: number): NewEvent[] =>
      Array.from({ length: count }, () => event(type, { unit, of, text: prng.pick(TEXTS) }));
    const appends = chosen.map((streamId, n) => {
      const expectedSeq = heads.get(streamId) ?? 0;
      const create =
        expectedSeq === 0 ? { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const } : undefined;
      return { streamId, expectedSeq, tenantId: TENANT, events: events(counts[n]!), create };
    });
    return { appends };
  }

  private async untilAnswered(unit: AppendUnit): Promise<{ recordedAt: string }> {
    for (const giveUpAt = Date.now() + GIVE_UP_MS; ;) {
      try {
        const outcome = await this.log.append(unit);
        if (outcome.status !== 'committed') throw new Error(`a unit without a command was ${outcome.status}`);
        return { recordedAt: outcome.positions[0]!.at };
      } catch (error) {
        if (!(error instanceof LogUnavailable) || Date.now() > giveUpAt) throw error;
        this.unknown += 1;
        await pause(50);
      }
    }
  }

  private async noteFate(flight: Flight, { appends }: AppendUnit, writer: Writer): Promise<void> {
    try {
      await flight;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      this.surprises += 1;
      await this.findHeads(writer);
      return;
    }
    this.units += 1;
    for (const { streamId, expectedSeq, events } of appends) {
      writer.heads.set(streamId, expectedSeq + events.length);
      events.forEach(({ eventId, data }, n) => {
        this.acked.push({ streamId, seq: expectedSeq + 1 + n, eventId, bytes: JSON.stringify(data) });
      });
    }
  }

  private async findHeads(writer: Writer): Promise<void> {
    for (const giveUpAt = Date.now() + GIVE_UP_MS; ;) {
      try {
        writer.heads = await this.log.heads(writer.streams);
        return;
      } catch (error) {
        // the server is away: that is what the load is for
        if (Date.now() > giveUpAt) throw error;
        await pause(50);
      }
    }
  }
}
