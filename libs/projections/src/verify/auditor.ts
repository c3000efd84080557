import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, Database, metrics, type Config } from '#platform';
import { ProjectionRegistry } from '../projection-registry.js';
import { isFault, type Finding } from './finding.js';
import { randomStream } from './stream-ids.js';
import { StreamVerifier } from './stream-verifier.js';

/** What the auditor has seen since its process began. `lastMismatchAt` is of the process's own clock. */
export type AuditCounts = {
  /** Streams compared. */
  checks: number;
  /** Streams that differed, and did so still when they were looked at again. */
  mismatches: number;
  lastMismatchAt: string | null;
};

const MINUTE_MS = 60_000;
/** Between two streams at least, that whatever waits goes first. */
const REST_MS = 100;
/** A stream that differs is looked at again after this: a write that was on its way has come by then. */
const AGAIN_MS = 1_000;
/** Findings that are kept for whoever asks; older ones are in the process's log. */
const KEPT = 100;

/**
 * Folds random streams anew all the time, at a bounded cost, and compares with their rows: a mistake in a projection, or a row that was
 * changed by hand, is found while people can still do something about it. It alarms only of what differs twice.
 */
@Injectable()
export class Auditor implements OnModuleDestroy {
  private readonly logger = new Logger('Auditor');
  private readonly kept: Finding[] = [];
  private seen: AuditCounts = { checks: 0, mismatches: 0, lastMismatchAt: null };
  private stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditMsPerMinute'>,
    private readonly database: Database,
    private readonly streams: StreamVerifier,
    private readonly registry: ProjectionRegistry,
  ) {
    this.stopped.abort();
  }

  /** Begins; with a budget of 0 it does nothing. */
  start(): void {
    if (!this.stopped.signal.aborted || this.config.auditMsPerMinute === 0) return;
    // the first mismatch of a process would be no rise of a series that begins with it
    for (const projection of [...this.registry.names, 'log']) metrics.auditMismatches.inc({ projection }, 0);
    this.stopped = new AbortController();
    this.running = this.run(this.stopped.signal);
  }

  /** Resolves when the stream that is being looked at is done. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** For metrics and alarms. */
  get counts(): Readonly<AuditCounts> {
    return this.seen;
  }

  /** The newest mismatches, newest first. */
  get findings(): readonly Finding[] {
    return this.kept;
  }

  /** Looks at one random stream. False where there is none yet. @throws the database's error. */
  private async check(signal: AbortSignal): Promise<boolean> {
    const streamId = await randomStream(this.database);
    if (streamId === null) return false;
    const verdict = await this.streams.verify(streamId);
    this.seen = { ...this.seen, checks: this.seen.checks + 1 };
    for (const projection of verdict?.compared ?? []) metrics.auditChecks.inc({ projection });
    if (verdict?.findings.some(isFault)) await this.checkAgain(streamId, signal);
    return true;
  }

  private async checkAgain(streamId: string, signal: AbortSignal): Promise<void> {
    await rested(AGAIN_MS, signal);
    if (signal.aborted) return;
    const verdict = await this.streams.verify(streamId);
    const faults = verdict?.findings.filter(isFault) ?? [];
    if (faults.length === 0) return;
    const lastMismatchAt = new Date().toISOString();
    this.seen = { ...this.seen, mismatches: this.seen.mismatches + 1, lastMismatchAt };
    const differing = new Set(faults.map(({ projection }) => projection ?? 'log'));
    for (const projection of differing) metrics.auditMismatches.inc({ projection });
    this.kept.splice(0, this.kept.length, ...[...faults, ...this.kept].slice(0, KEPT));
    for (const fault of faults) this.logger.error(told(fault));
  }

  /** What a check took is followed by as much rest as keeps the share: one that took long is paid for by a long rest. */
  private async run(signal: AbortSignal): Promise<void> {
    const share = Math.min(1, this.config.auditMsPerMinute / MINUTE_MS);
    while (!signal.aborted) {
      const begun = performance.now();
      const worked = await this.check(signal).catch((error: Error) => {
        this.logger.warn(`a check failed: ${error.message}`);
        return false;
      });
      const took = performance.now() - begun;
      const rest = worked ? Math.max(REST_MS, took / share - took) : MINUTE_MS / 60;
      await rested(rest, signal);
    }
  }
}

function told({ streamId, projection, seq, kind, differences, detail }: Finding): string {
  const what = JSON.stringify(differences.length > 0 ? differences : detail);
  return `${streamId}: ${projection ?? 'log'} at seq ${seq}: ${kind}: ${what}`;
}

/** Ends early when it is told to stop, which is no error. */
function rested(ms: number, signal: AbortSignal): Promise<void> {
  return pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
