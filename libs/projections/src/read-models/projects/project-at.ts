import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { fileType, type Marker, type ProjectState } from '#model';
import type { FileType } from '#contracts';
import { Snapshots, type Snapshot, type Standing } from '../../reading/snapshots.js';
import {
  fieldsOfProject,
  fieldsOfRow,
  projectColumns,
  type ProjectFields,
  type ProjectRow,
} from './project.row.js';
import type { ProjectsChanges } from './projects.fold.js';
import { ProjectsProjection } from './projects.projection.js';

/** A file of a tree, without its content. */
export type TreeFile = { sha256: string; size: number; type: FileType };
/** By path. */
export type TreeFiles = Record<string, TreeFile>;

/** A project as it was at a seq. */
export type ProjectMoment = { fields: ProjectFields; files: TreeFiles; markers: Marker[] };

/**
 * Per path the newest row that is not later: a step a path that there ever was, however often each was written. Paths are
 * stepped through by the key (a loose index scan).
 */
const TREE = `with recursive paths as (
    (select f.path from files f where f.generation = $1 and f.project_id = $2 order by f.path limit 1)
    union all
    select (select f.path from files f
            where f.generation = $1 and f.project_id = $2 and f.path > p.path order by f.path limit 1)
    from paths p where p.path is not null
  )
  select f.path, f.sha256, f.size, f.type from paths p
  cross join lateral (
    select f.* from files f
    where f.generation = $1 and f.project_id = $2 and f.path = p.path and f.valid_from <= $3
    order by f.valid_from desc limit 1
  ) f
  where f.valid_to is null or f.valid_to > $3
  order by f.path`;

/** One project, exact at the snapshot's seq: by rows up to the checkpoint, by the fold after it. */
@Injectable()
export class ProjectAt {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly projection: ProjectsProjection,
  ) {}

  standing(snapshot: Snapshot): Promise<Standing<ProjectsChanges>> {
    return this.snapshots.standing(snapshot, this.projection);
  }

  /** Null before the first event. */
  async moment(snapshot: Snapshot): Promise<ProjectMoment | null> {
    if (snapshot.at === 0) return null;
    const { generation, changes, markers } = await this.standing(snapshot);
    if (changes) return { fields: fieldsOfProject(changes.state), files: treeOf(changes.state), markers };
    const { q, stream, at } = snapshot;
    const [row] = await q.query<ProjectRow>(
      `select ${projectColumns} from projects p
       where p.generation = $1 and p.project_id = $2 and p.valid_from <= $3 order by p.valid_from desc limit 1`,
      [generation, stream.streamId, at],
    );
    if (!row) return null;
    const found = await q.query<TreeFile & { path: string }>(TREE, [generation, stream.streamId, at]);
    const files = Object.fromEntries(
      found.map(({ path, sha256, size, type }) => [path, { sha256, size, type }]),
    );
    return { fields: await this.asOf(snapshot, fieldsOfRow(row), files), files, markers };
  }

  /** What follows every event, where the row has gone on already: from the tree and from the log. */
  private async asOf(
    { q, stream, at }: Snapshot,
    fields: ProjectFields,
    files: TreeFiles,
  ): Promise<ProjectFields> {
    if (fields.updatedSeq <= at) return fields;
    const [event] = await this.log.read(stream.streamId, { after: at - 1, upTo: at, limit: 1 }, q);
    const all = Object.values(files);
    return {
      ...fields,
      files: all.length,
      bytes: all.reduce((sum, { size }) => sum + size, 0),
      updatedAt: event?.at ?? fields.updatedAt,
      updatedSeq: at,
    };
  }
}

function treeOf({ files }: ProjectState): TreeFiles {
  return Object.fromEntries(
    Object.entries(files).map(([path, { sha256, size }]) => [path, { sha256, size, type: fileType(path) }]),
  );
}
