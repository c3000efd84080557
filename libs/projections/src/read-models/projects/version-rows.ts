import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../../reading/snapshots.js';
import { ProjectAt } from './project-at.js';
import { fieldsOfVersionRow, versionColumns, type VersionFields, type VersionRow } from './version.row.js';

/** A project's versions, exact at the snapshot's seq: the rows, and what the tail adds to them or names anew. */
@Injectable()
export class VersionRows {
  constructor(private readonly projects: ProjectAt) {}

  /** Newest first, at most `limit`, those before a number where one is given. */
  async page(
    snapshot: Snapshot,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number; limit: number },
  ): Promise<VersionFields[]> {
    const { generation, rowsAt, changes } = await this.projects.standing(snapshot);
    const rows = await snapshot.q.query<VersionRow>(
      `select ${versionColumns} from project_versions v
       where v.generation = $1 and v.project_id = $2 and v.version < $4::bigint
         and v.valid_from <= $3 and (v.valid_to is null or v.valid_to > $3)
       order by v.version desc limit $5`,
      [generation, snapshot.stream.streamId, rowsAt, before, limit],
    );
    // a version of the tail is newer than all rows, or one of theirs under another name
    const found = new Map(rows.map((row) => [row.version, fieldsOfVersionRow(row)]));
    for (const { fields, validTo } of changes?.versions.inserted ?? []) {
      if (validTo === null && fields.version < before) found.set(fields.version, fields);
    }
    return [...found.values()].toSorted((a, b) => b.version - a.version).slice(0, limit);
  }

  /** Null: there was no such version. */
  async one(snapshot: Snapshot, version: number): Promise<VersionFields | null> {
    const [found] = await this.page(snapshot, { before: version + 1, limit: 1 });
    return found?.version === version ? found : null;
  }
}
