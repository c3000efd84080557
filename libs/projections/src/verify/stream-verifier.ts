import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import type { LoggedEvent } from '#model';
import { Database, type Queryable } from '#platform';
import { GenerationCatalog, type ReadableGeneration } from '../checkpoints/generation-catalog.js';
import { GenerationUnknown } from '../errors.js';
import type { ProjectionName } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';
import { readAll } from '../reading/logged-events.js';
import { WholeFold, type WholeFolded, type WholeFoldRequest } from '../rebuild/whole-fold.js';
import { isTransient } from '../running/failure-kind.js';
import { stateDifferences } from './checkpoint-state.js';
import type { Finding } from './finding.js';
import { InFlightRows } from './in-flight-rows.js';
import { IndependentFold } from './independent-fold.js';
import { differencesOf, MOST_DIFFERENCES } from './row-differences.js';
import { standOf, type ProjectionStand, type StreamStand } from './stream-stand.js';

/** One stream, verified: so many events were folded, and the rows of these projections compared. */
export type StreamVerdict = { events: number; compared: ProjectionName[]; findings: Finding[] };

/**
 * Compares the rows of one stream, at its checkpoints, with two folds from nothing: each projection's own, and the model's alone. It
 * is exact while the stream moves: rows and checkpoints are of one snapshot, and the events up to there never change.
 */
@Injectable()
export class StreamVerifier {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly catalog: GenerationCatalog,
    private readonly registry: ProjectionRegistry,
    private readonly wholeFold: WholeFold,
    private readonly independent: IndependentFold,
    private readonly inFlight: InFlightRows,
  ) {}

  /**
   * Looks twice where something differs: a generation that was flipped or dropped between two statements is no difference. Null
   * where there is no such stream. @throws the database's error.
   */
  async verify(streamId: string, only?: ProjectionName): Promise<StreamVerdict | null> {
    const verdict = await this.look(streamId, only);
    if (!verdict || verdict.findings.every(({ kind }) => kind === 'parked')) return verdict;
    return this.look(streamId, only);
  }

  /** The projections whose rows no generation of this code's versions holds: they are not compared. */
  async notReadable(): Promise<ProjectionName[]> {
    const readable = await this.readable(this.database);
    return this.registry.names.filter((name) => !readable.some(({ projection }) => projection.name === name));
  }

  /** What is read now of each projection, by this code. */
  async readable(q: Queryable, only?: ProjectionName): Promise<ReadableGeneration[]> {
    const found: ReadableGeneration[] = [];
    for (const name of this.registry.names) {
      if (only !== undefined && name !== only) continue;
      try {
        found.push(await this.catalog.readable(q, name));
      } catch (error) {
        // a new projection that is being built for the first time, which `notReadable` names
        if (!(error instanceof GenerationUnknown)) throw error;
      }
    }
    return found;
  }

  private async look(streamId: string, only?: ProjectionName): Promise<StreamVerdict | null> {
    const stand = await standOf(this.database, this.log, streamId, (q) => this.readable(q, only));
    if (!stand) return null;
    const { stream, head, projections } = stand;
    const last = Math.max(0, ...projections.map(({ checkpoint }) => Math.min(checkpoint.seq, head)));
    const range = { after: seamOf(stream), upTo: last, withoutDeltas: true };
    const events = await readAll(this.log, stream.streamId, range, this.database);
    const findings: Finding[] = [];
    for (const one of projections) {
      findings.push(...listFindings(stand, one), ...(await this.againstOwnFold(stand, one, events)));
    }
    findings.push(...(await this.againstModel(stand)));
    const compared = projections.map(({ projection }) => projection.name);
    return { events: events.length, compared, findings };
  }

  private async againstOwnFold(
    { stream, head }: StreamStand,
    one: ProjectionStand,
    events: LoggedEvent[],
  ): Promise<Finding[]> {
    const { projection, generation, checkpoint, stored } = one;
    const upTo = Math.min(checkpoint.seq, head);
    const due = events.filter(({ seq }) => seq <= upTo);
    const lane = isSuspect(one) ? 'suspect' : 'rebuild';
    const request = { projection, generation, stream, events: due, upTo, lane } as const;
    const folded =
      due.length === 0 ? { ok: true as const, rows: [], state: null } : await this.foldWhole(request);
    const place = placeOf(stream, one);
    if (!folded.ok) {
      return [{ ...place, kind: 'unfoldable', seq: folded.seq, detail: folded.problem, differences: [] }];
    }
    const differences = differencesOf(stored, folded.rows);
    const both = { stream, seq: upTo, stored, expected: folded.rows };
    differences.push(...(await this.inFlight.differences(both, MOST_DIFFERENCES - differences.length)));
    if (due.length > 0)
      differences.push(
        ...stateDifferences(
          stream.streamId,
          checkpoint.state,
          folded.state,
          MOST_DIFFERENCES - differences.length,
        ),
      );
    return differences.length > 0 ? [{ ...place, kind: 'rows_differ', detail: null, differences }] : [];
  }

  /** Where rows that the fold goes on from are missing or wrong it cannot go on, which is found out rather than thrown. */
  private async foldWhole(request: WholeFoldRequest): Promise<WholeFolded> {
    try {
      return await this.wholeFold.of(this.database, request);
    } catch (error) {
      if (isTransient(error)) throw error;
      return {
        ok: false,
        seq: request.upTo,
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  }

  private async againstModel({ stream, head, projections }: StreamStand): Promise<Finding[]> {
    const stands = projections.map(({ projection, checkpoint, stored }) => {
      return { projection: projection.name, seq: Math.min(checkpoint.seq, head), stored };
    });
    const suspect = projections.some(isSuspect);
    const found = await this.independent.differences({ stream, stands, suspect });
    return projections.flatMap((one): Finding[] => {
      const differences = found.get(one.projection.name) ?? [];
      if (differences.length === 0) return [];
      return [{ ...placeOf(stream, one), kind: 'model_differs', detail: null, differences }];
    });
  }
}

/** What the lists and checkpoints themselves say. */
function listFindings({ stream, head, listedHead, pending }: StreamStand, one: ProjectionStand): Finding[] {
  const { seq, parkedAt } = one.checkpoint;
  const finding = (kind: Finding['kind'], detail: string): Finding => {
    return { ...placeOf(stream, one), kind, detail, differences: [] };
  };
  if (seq > head) return [finding('beyond_head', `the checkpoint is at ${seq}, the log at ${head}`)];
  if (parkedAt !== null) return [finding('parked', `parked before event ${parkedAt}`)];
  if (seq >= listedHead || pending) return [];
  return [finding('gap', `the checkpoint is at ${seq}, the log at ${listedHead}, and nothing waits for it`)];
}

function placeOf({ streamId }: StreamInfo, { projection, generation, checkpoint }: ProjectionStand) {
  return { streamId, projection: projection.name, generation, seq: checkpoint.seq };
}

function isSuspect({ checkpoint: { attempts, parkedAt } }: ProjectionStand): boolean {
  return attempts > 0 || parkedAt !== null;
}
