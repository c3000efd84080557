import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ProcessReports } from '#platform';

/** Requests may become so much slower than they were, or take so long anyway, before a rebuild gives way. */
const SLOWER = 2;
const FAST_ENOUGH_MS = 25;
/** How often the reports are looked at; processes make theirs about as often. */
const LOOK_EVERY_MS = 1_000;
const LEAST = 0.05;
const LONGEST_MS = 2_000;

/** How much of its time a rebuild may work, by what requests cost meanwhile: halved when they are slow, then slowly more. */
export class Duty {
  share = 0.5;

  /** `requestMs`: the slowest process's; null where there are no requests. */
  observe(requestMs: number | null, baselineMs: number | null): void {
    const limit = Math.max(FAST_ENOUGH_MS, (baselineMs ?? 0) * SLOWER);
    const slow = requestMs !== null && requestMs > limit;
    this.share = slow ? Math.max(LEAST, this.share / 2) : Math.min(1, this.share * 1.25);
  }

  /** How long to rest after so much work, in ms. */
  restAfter(workedMs: number): number {
    return Math.min(LONGEST_MS, (workedMs * (1 - this.share)) / this.share);
  }
}

/** Slows the rebuilds of this process down while requests, of whichever process, are slow. */
@Injectable()
export class Throttle {
  private readonly duty = new Duty();
  private lookedAt = 0;

  constructor(private readonly reports: ProcessReports) {}

  /** The 95th percentile of the slowest process's requests of the last seconds, in ms; null without requests. */
  async requestMs(): Promise<number | null> {
    const times = (await this.reports.recent()).flatMap(({ requestMs }) =>
      requestMs === null ? [] : [requestMs],
    );
    return times.length > 0 ? Math.max(...times) : null;
  }

  /** After each piece of work. */
  async rest(workedMs: number, baselineMs: number | null): Promise<void> {
    if (performance.now() - this.lookedAt >= LOOK_EVERY_MS) {
      this.lookedAt = performance.now();
      this.duty.observe(await this.requestMs(), baselineMs);
    }
    await pause(this.duty.restAfter(workedMs));
  }
}
