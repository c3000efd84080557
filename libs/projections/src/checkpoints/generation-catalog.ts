import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import { GenerationUnknown } from '../errors.js';
import type { AnyProjection, ProjectionName } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';

/** `dropping`: nobody reads or feeds it, and its rows go once no read that began before can be at them. */
export type GenerationStatus = 'building' | 'live' | 'retained' | 'dropping';
export type FedGeneration = {
  projection: AnyProjection;
  generation: number;
  status: GenerationStatus;
  /** False: bucket jobs copy whole streams into it, and only what it holds already is fed. */
  copied: boolean;
};

/** What a read of a projection reads, and by which code. */
export type ReadableGeneration = { projection: AnyProjection; generation: number };

/** New generations are found this late; what they miss meanwhile stays in `pending`. */
const KEPT_MS = 5_000;

/** Which generations this process feeds and reads: those that its code has the version of. */
@Injectable()
export class GenerationCatalog {
  private kept: { fed: Promise<FedGeneration[]>; until: number } | null = null;

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
  ) {}

  /** The generations that this process writes. */
  async fed(): Promise<FedGeneration[]> {
    if (this.kept && performance.now() < this.kept.until) return this.kept.fed;
    const asked = { fed: this.ask(), until: performance.now() + KEPT_MS };
    this.kept = asked;
    try {
      return await asked.fed;
    } catch (error) {
      if (this.kept === asked) this.kept = null;
      throw error;
    }
  }

  /** Says that the generations are fed, every half minute: one that nobody feeds for ten holds nothing back any more. */
  async touch(): Promise<void> {
    for (const { projection, generation } of await this.fed()) {
      await this.database.query(
        `update projection_generations set fed_at = now()
         where projection = $1 and generation = $2 and fed_at < now() - interval '30 seconds'`,
        [projection.name, generation],
      );
    }
  }

  /** What was found out is asked anew: a generation has come, or gone, by this process. */
  forget(): void {
    this.kept = null;
  }

  /** @throws GenerationUnknown when there is a projection that no generation can be read of by this code: do not start. */
  async assertReadable(): Promise<void> {
    for (const name of this.registry.names) {
      // a projection that never was live is new: it is built while everything runs
      if (await this.wasLive(name)) await this.readable(this.database, name);
    }
  }

  /**
   * The newest generation that was live once, is fed, and has a version of this code. Ask in the snapshot that reads its rows.
   * @throws GenerationUnknown
   */
  async readable(q: Queryable, name: ProjectionName): Promise<ReadableGeneration> {
    const versions = this.registry.versionsOf(name);
    const [row] = await q.query<{ generation: number; version: number }>(
      `select generation, version from projection_generations g
       where g.projection = $1 and g.version = any ($2) and g.status in ('live', 'retained') and ${isFed}
       order by g.status = 'live' desc, g.generation desc limit 1`,
      [name, versions],
    );
    const projection = row && this.registry.find(name, row.version);
    if (projection) return { projection, generation: row.generation };
    const found = await q.query<{ version: number; status: string }>(
      'select version, status from projection_generations where projection = $1 order by generation',
      [name],
    );
    const there = found.map((one) => `version ${one.version} (${one.status})`).join(', ');
    throw new GenerationUnknown(name, versions, there || 'none');
  }

  private async wasLive(name: ProjectionName): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from projection_generations where projection = $1 and status in ('live', 'retained') limit 1`,
      [name],
    );
    return rows.length > 0;
  }

  private async ask(): Promise<FedGeneration[]> {
    const rows = await this.database.query<{
      projection: ProjectionName;
      generation: number;
      status: GenerationStatus;
      copied: boolean;
      version: number;
    }>(
      `select projection, generation, status, version, status <> 'building' or copied_at is not null as copied
       from projection_generations g where ${isFed} order by projection, generation`,
    );
    return rows.flatMap(({ projection: name, generation, status, copied, version }) => {
      const projection = this.registry.find(name, version);
      return projection ? [{ projection, generation, status, copied }] : [];
    });
  }
}

/** Live ones are always fed, and one that is being built by whoever builds it. One that is retained and stale must be reconciled first. */
export const isFed = `g.status <> 'dropping' and (g.status <> 'retained' or g.fed_at > now() - interval '10 minutes')`;
