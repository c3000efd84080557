import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { ProjectionRegistry } from '../projection-registry.js';
import { GenerationPointer } from './generation-pointer.js';
import { ProjectionUnknown, RebuildAbsent, RebuildNotPossible } from './rebuild-errors.js';
import type { Rebuild, RebuildDifference, RebuildRequest } from './rebuild.js';
import { RebuildStarts } from './rebuild-starts.js';
import { RebuildStore, type RebuildMove } from './rebuild-store.js';
import { StreamRebuild, type RebuiltStream } from './stream-rebuild.js';

export type RolledBack = { projection: string; from: number; to: number; rebuild: Rebuild | null };

/** A generation that was unfed for so long must be brought up to the log before it is read. */
const STALE = `interval '10 minutes'`;

/** What an administrator asks of rebuilds. Each answer is committed; the work itself is the workers'. */
@Injectable()
export class Rebuilds {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly store: RebuildStore,
    private readonly starts: RebuildStarts,
    private readonly pointer: GenerationPointer,
    private readonly streams: StreamRebuild,
  ) {}

  /** Begins a rebuild of this code's newest version. @throws ProjectionUnknown, RebuildRunning */
  start(request: RebuildRequest): Promise<Rebuild> {
    return this.starts.start(request);
  }

  get(id: string): Promise<Rebuild | null> {
    return this.store.find(id);
  }

  /** Newest first. */
  list(limit = 50): Promise<Rebuild[]> {
    return this.store.list(limit);
  }

  /** What the comparison found, by stream; the first 500 streams of a rebuild are kept. */
  differences(id: string, limit = 500): Promise<RebuildDifference[]> {
    return this.store.differences(id, limit);
  }

  /** It stops at the next page. @throws RebuildAbsent, RebuildNotPossible */
  pause(id: string): Promise<Rebuild> {
    return this.moved(id, { from: ['running'], to: 'paused' });
  }

  resume(id: string): Promise<Rebuild> {
    return this.moved(id, { from: ['paused'], to: 'running' });
  }

  /** The new generation is dropped; nothing else has changed. */
  async cancel(id: string): Promise<Rebuild> {
    const move = {
      from: ['running', 'paused', 'awaiting_acceptance'],
      to: 'cancelled',
      phase: 'over',
    } as const;
    const rebuild = await this.moved(id, move);
    await this.pointer.discard(rebuild.projection, rebuild.generation);
    return rebuild;
  }

  /** The differences that were found are wanted: it goes live. */
  accept(id: string): Promise<Rebuild> {
    return this.moved(id, { from: ['awaiting_acceptance'], to: 'running' });
  }

  /**
   * Makes the newest kept generation live again, at once where it was fed all the time; else a rebuild brings it up first.
   * @throws ProjectionUnknown, RebuildNotPossible, RebuildRunning
   */
  async rollback(projection: string, requestedBy = 'rollback'): Promise<RolledBack> {
    if (!this.registry.names.includes(projection))
      throw new ProjectionUnknown(projection, this.registry.names);
    const [live] = await this.generations(projection, 'live');
    const [kept] = await this.generations(projection, 'retained');
    if (!live || !kept)
      throw new RebuildNotPossible(`projection ${projection} has no earlier generation to go back to`);
    if (!this.registry.find(projection, kept.version)) {
      const message = `generation ${kept.generation} of ${projection} has version ${kept.version}, which this release has no code for`;
      throw new RebuildNotPossible(message);
    }
    const answer = { projection, from: live.generation, to: kept.generation, rebuild: null };
    if (kept.stale) {
      const rebuild = await this.starts.revive({ projection, requestedBy, acceptDiff: true }, kept);
      return { ...answer, rebuild };
    }
    if (await this.pointer.flip(projection, kept.generation, async () => true)) return answer;
    throw new RebuildNotPossible(`generation ${kept.generation} of ${projection} is not kept any more`);
  }

  /**
   * Folds one conversation or project anew in all kept generations, each in one transaction.
   * @throws ProjectionUnknown, StreamAbsent, RebuildNotPossible where an event cannot be folded: it is parked there.
   */
  repair(streamId: string, projection?: string): Promise<RebuiltStream[]> {
    if (projection !== undefined && !this.registry.names.includes(projection))
      throw new ProjectionUnknown(projection, this.registry.names);
    return this.streams.rebuild(streamId, projection);
  }

  private async moved(id: string, move: RebuildMove): Promise<Rebuild> {
    const done = await this.store.move(id, move);
    const rebuild = await this.store.find(id);
    if (!rebuild) throw new RebuildAbsent(id);
    if (!done) {
      const message = `rebuild ${id} is ${rebuild.status}: only one that is ${move.from.join(' or ')} can become ${move.to}`;
      throw new RebuildNotPossible(message);
    }
    return rebuild;
  }

  private generations(
    projection: string,
    status: 'live' | 'retained',
  ): Promise<{ generation: number; version: number; stale: boolean }[]> {
    return this.database.query(
      `select generation, version, fed_at < now() - ${STALE} as stale from projection_generations
       where projection = $1 and status = $2 order by retained_at desc nulls last, generation desc limit 1`,
      [projection, status],
    );
  }
}
