import { Injectable } from '@nestjs/common';
import { GenerationUnknown, ReadUnavailable } from '../errors.js';
import type { Reader } from '../reading/reader.js';
import { Snapshots } from '../reading/snapshots.js';
import { ProjectionRegistry } from '../projection-registry.js';

/** Exact reads of document projections, however far they lag. */
@Injectable()
export class DocumentReads {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly registry: ProjectionRegistry,
  ) {}

  /**
   * All documents of a stream, by key, at its head. Null: there is no such stream for this reader, or no such projection.
   * @throws ReadUnavailable while the projection is built for the first time.
   */
  async of(reader: Reader, projection: string, streamId: string): Promise<Record<string, unknown> | null> {
    const known = this.registry.newest(projection);
    const table = known?.tables[0];
    if (!known || !table) return null;
    try {
      return await this.snapshots.read(
        reader,
        streamId,
        undefined,
        async (snapshot) => {
          const { generation, changes } = await this.snapshots.standing(snapshot, known);
          if (changes) return (changes as { documents: Record<string, unknown> }).documents;
          const rows = await snapshot.q.query<{ key: string; value: unknown }>(
            `select key, value from ${table.name} where generation = $1 and stream_id = $2 order by key`,
            [generation, streamId],
          );
          return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
        },
        known.kind,
      );
    } catch (error) {
      if (error instanceof GenerationUnknown)
        throw new ReadUnavailable(`projection ${projection} is being built`);
      throw error;
    }
  }
}
