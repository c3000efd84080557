import { setTimeout as pause } from 'node:timers/promises';
import { LiveReader } from '../support/live-reader.js';
import type { TimedClient } from './timed-client.js';

const TERMINAL = new Set(['TurnCompleted', 'TurnFailed', 'TurnCancelled', 'TurnInterrupted']);

/** A conversation of the soak: what its answers told, and what its reader saw over all of its connections. */
export class Talk {
  /** Writes that were acknowledged, at the seq that the answer named. */
  readonly acked: { seq: number }[] = [];
  /** Heads that this client was shown, in its order. */
  readonly positions: number[] = [];
  /** Messages that it wrote itself. */
  readonly messages: string[] = [];
  /** What the past was answered to be: it must be so at the end, too. */
  readonly moments: { at: number; messages: unknown[] }[] = [];
  /** Versions of its project that restores answered with. */
  readonly versions: { projectId: string; version: number }[] = [];
  actions = 0;
  readonly reader: LiveReader;

  /** `url`: of a proxy that cuts connections. */
  constructor(
    readonly id: string,
    seq: number,
    url: string,
  ) {
    this.wrote(seq);
    this.reader = new LiveReader(() => url, id);
  }

  wrote(seq: unknown): void {
    if (typeof seq !== 'number') return;
    this.acked.push({ seq });
    this.positions.push(seq);
  }

  /** Resolves when its reader has seen the turn's end. False: not within `limitMs`. */
  async turnEnd(turnId: string, seq: number, limitMs: number): Promise<boolean> {
    const until = performance.now() + limitMs;
    const ended = () =>
      this.reader.events.slice(seq).some(({ type, data }) => TERMINAL.has(type) && data.turnId === turnId);
    while (!ended()) {
      if (performance.now() > until) return false;
      await pause(50);
    }
    return true;
  }

  /** Nobody writes to it any more: its reader sees the rest of it, and ends. */
  async rest(client: TimedClient, limitMs: number): Promise<void> {
    const until = performance.now() + limitMs;
    const head = ((await client.get(`/api/conversations/${this.id}`))?.json.seq as number | undefined) ?? 0;
    while (this.reader.lastSeq < head && performance.now() < until) await pause(50);
    await this.reader.stop();
  }
}
