import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import { GenerationUnknown } from '../errors.js';
import type { AnyProjection, ProjectionName } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';

export type GenerationStatus = 'building' | 'live' | 'retained';
export type FedGeneration = { projection: AnyProjection; generation: number; status: GenerationStatus };

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

  /** @throws GenerationUnknown when there is a projection that no generation can be read of by this code: do not start. */
  async assertReadable(): Promise<void> {
    for (const projection of this.registry.all) await readableGeneration(this.database, projection);
  }

  private async ask(): Promise<FedGeneration[]> {
    const rows = await this.database.query<{
      projection: ProjectionName;
      generation: number;
      status: GenerationStatus;
      version: number;
    }>(
      `select projection, generation, status, version from projection_generations g
       where ${isFed} order by projection, generation`,
    );
    return rows.flatMap(({ projection: name, generation, status, version }) => {
      const projection = this.registry.find(name, version);
      return projection ? [{ projection, generation, status }] : [];
    });
  }
}

/** Live ones are always fed; one that is retained and stale must be reconciled before anyone reads or feeds it again. */
const isFed = `(g.status <> 'retained' or g.fed_at > now() - interval '10 minutes')`;

/**
 * The newest generation that was live once, is fed, and has this version. Ask in the snapshot that reads its rows.
 * @throws GenerationUnknown
 */
export async function readableGeneration(
  q: Queryable,
  { name, version }: Pick<AnyProjection, 'name' | 'version'>,
): Promise<number> {
  const [row] = await q.query<{ generation: number }>(
    `select generation from projection_generations g
     where g.projection = $1 and g.version = $2 and g.status <> 'building' and ${isFed}
     order by g.status = 'live' desc, g.generation desc limit 1`,
    [name, version],
  );
  if (row) return row.generation;
  const found = await q.query<{ version: number; status: string }>(
    'select version, status from projection_generations where projection = $1 order by generation',
    [name],
  );
  throw new GenerationUnknown(
    name,
    version,
    found.map((one) => `version ${one.version} (${one.status})`).join(', '),
  );
}
