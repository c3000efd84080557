import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { Database } from '#platform';
import type { ProjectionName } from '../projection.js';
import { absentStreams, type IdRange } from './absent-streams.js';
import { DeepCheck } from './deep-check.js';
import { findingKinds, isFault, type Finding, type FindingKind } from './finding.js';
import { randomStream, streamPages } from './stream-ids.js';
import { StreamVerifier } from './stream-verifier.js';

/** What is verified: one stream, so many by chance, or all where neither is given. */
export type VerifyRequest = {
  /** Of this projection alone. */
  projection?: ProjectionName;
  streamId?: string;
  sample?: number;
  /** Also folds the deltas of every finished answer: reads the whole log of each stream. */
  deep?: boolean;
  /** Ends between two streams. */
  signal?: AbortSignal;
};

export type VerifyReport = {
  /** Streams looked at. A sample may look at one twice. */
  streams: number;
  /** Rows of one projection of one stream, compared with both folds. */
  compared: number;
  /** Events folded, deltas left out. */
  events: number;
  found: Record<FindingKind, number>;
  /** Nothing was found but parked streams. */
  clean: boolean;
  /** Projections that this code has no readable generation of: they were not compared. */
  notReadable: ProjectionName[];
  /** It was told to end before all was looked at. */
  aborted: boolean;
  durationMs: number;
};

/** Streams that are looked at side by side: each waits for the database half of the time. */
const AT_ONCE = 3;

/**
 * Proves that the rows that are read now are the fold of the log, stream by stream, or tells of each one where they are not. It
 * reads alone, at any load, in memory for a few streams; whatever moves meanwhile is compared where it stood.
 */
@Injectable()
export class Verifier {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly streams: StreamVerifier,
    private readonly deep: DeepCheck,
  ) {}

  /**
   * Calls `onFinding` for each finding as it is found. A stream that there is not is a finding too, where it was named.
   * @throws the database's error, and whatever `onFinding` throws.
   */
  async verify(
    request: VerifyRequest,
    onFinding: (finding: Finding) => void | Promise<void>,
  ): Promise<VerifyReport> {
    const begun = performance.now();
    const report = emptyReport(await this.streams.notReadable());
    const tell = async (finding: Finding): Promise<void> => {
      report.found[finding.kind] += 1;
      report.clean &&= !isFault(finding);
      await onFinding(finding);
    };
    const ids = this.idsOf(request, tell)[Symbol.asyncIterator]();
    const work = async (): Promise<void> => {
      for (let id = await ids.next(); !id.done && !request.signal?.aborted; id = await ids.next())
        await this.verifyOne(id.value, request, report, tell);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    report.aborted = request.signal?.aborted ?? false;
    report.durationMs = Math.round(performance.now() - begun);
    return report;
  }

  private async verifyOne(
    streamId: string,
    { projection, deep, signal }: VerifyRequest,
    report: VerifyReport,
    tell: (finding: Finding) => Promise<void>,
  ): Promise<void> {
    const verdict = await this.streams.verify(streamId, projection);
    if (!verdict) {
      const absent = {
        projection: projection ?? null,
        generation: null,
        kind: 'stream_absent',
        seq: 0,
      } as const;
      return tell({ streamId, ...absent, detail: 'there is no such stream', differences: [] });
    }
    report.streams += 1;
    report.events += verdict.events;
    report.compared += verdict.compared.length;
    for (const finding of verdict.findings) await tell(finding);
    const stream = deep ? await this.log.info(streamId) : null;
    if (stream?.kind !== 'conversation') return;
    for await (const finding of this.deep.findings(stream, signal)) await tell(finding);
  }

  private async *idsOf(
    { streamId, sample, projection }: VerifyRequest,
    tell: (finding: Finding) => Promise<void>,
  ): AsyncGenerator<string> {
    if (streamId !== undefined) {
      yield streamId;
      return;
    }
    if (sample !== undefined) {
      yield* this.randomIds(sample);
      return;
    }
    for await (const { ids, ...range } of streamPages(this.database)) {
      yield* ids;
      await this.tellAbsent(range, projection, tell);
    }
  }

  private async *randomIds(count: number): AsyncGenerator<string> {
    for (let n = 0; n < count; n += 1) {
      const id = await randomStream(this.database);
      if (id === null) return;
      yield id;
    }
  }

  private async tellAbsent(
    range: IdRange,
    only: ProjectionName | undefined,
    tell: (finding: Finding) => Promise<void>,
  ): Promise<void> {
    for (const one of await this.streams.readable(this.database, only)) {
      for (const finding of await absentStreams(this.database, one, range)) await tell(finding);
    }
  }
}

function emptyReport(notReadable: ProjectionName[]): VerifyReport {
  const found = Object.fromEntries(findingKinds.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  const counts = { streams: 0, compared: 0, events: 0, found };
  return { ...counts, clean: true, notReadable, aborted: false, durationMs: 0 };
}
