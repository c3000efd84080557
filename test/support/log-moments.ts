import type { MomentSource } from '#react';
import type { LoggedEvent } from '#model';
import { EPOCH, momentFromAll } from './moment-oracle.js';

/** A server over one log, which cuts pages of messages as a real one does. */
export class LogMoments implements MomentSource {
  /** Requests of states, and events that were asked for. */
  states = 0;
  fetched = 0;
  /** So many of the next requests fail. */
  failures = 0;

  constructor(
    private readonly id: string,
    /** It may grow. */
    readonly log: LoggedEvent[],
  ) {}

  timeline: MomentSource['timeline'] = async () => {
    this.fail();
    const marks = this.log
      .filter(({ type }) => type === 'MessagePosted' || type === 'AssistantMessageStarted')
      .map(({ seq, at }) => ({ seq, at, kind: 'message' as const, label: 'user', count: 1 }));
    const totals = { message: marks.length, tool: 0, version: 0, status: 0, fork: 0 };
    return { seq: this.log.length, epoch: EPOCH, marks, totals, density: [] };
  };

  state: MomentSource['state'] = async (at, { limit, before = String(Infinity) }) => {
    this.fail();
    this.states += 1;
    const all = momentFromAll(this.id, this.log, at);
    const earlier = all.messages.filter(({ seq }) => seq < Number(before));
    const messages = earlier.slice(-limit);
    const prev = messages.length < earlier.length ? String(messages[0]!.seq) : undefined;
    return { state: structuredClone({ ...all, messages }), prev };
  };

  events: MomentSource['events'] = async (after, upTo) => {
    this.fail();
    this.fetched += upTo - after;
    return structuredClone(this.log.slice(after, upTo));
  };

  private fail(): void {
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error('the network is away');
  }
}
