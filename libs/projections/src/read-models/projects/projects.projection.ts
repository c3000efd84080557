import { Injectable } from '@nestjs/common';
import { initialProject, type LoggedEvent, type ProjectState } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget } from '../../projection.js';
import { together } from '../../tables/together.js';
import type { ReadModelRows } from '../../tables/read-model-table.js';
import { fieldsOfRow, projectColumns, type ProjectRow } from './project.row.js';
import { writeFiles } from './file-writes.js';
import { filesTable, projectsTable, versionsTable } from './project-tables.js';
import { followProject } from './project-writes.js';
import type { ProjectsChanges, ProjectsContext } from './projects.fold.js';
import { writeVersions } from './version-writes.js';
import { fieldsOfVersionRow, versionColumns, type VersionRow } from './version.row.js';

/** Projects, their versions and their files. Its state is the whole working tree: at most 500 small entries. */
@Injectable()
export class ProjectsProjection implements Projection<ProjectsContext, ProjectsChanges> {
  readonly name = 'projects';
  readonly version = 1;
  readonly kind = 'project';
  readonly foldName = 'projects';
  readonly tables = [projectsTable, versionsTable, filesTable];

  async load(
    q: Queryable,
    { generation, streamId, state, after, events }: LoadRequest,
  ): Promise<ProjectsContext | null> {
    if (events.length === 0) return null;
    const stored = { state: (state as ProjectState | null) ?? initialProject(streamId) };
    if (after === 0) return { ...stored, current: null, versions: [] };
    const [row] = await q.query<ProjectRow>(
      `select ${projectColumns} from projects p
       where p.generation = $1 and p.project_id = $2 order by p.valid_from desc limit 1`,
      [generation, streamId],
    );
    const named = namedVersions(events);
    const versions =
      named.length === 0
        ? []
        : await q.query<VersionRow>(
            `select ${versionColumns} from project_versions v
             where v.generation = $1 and v.project_id = $2 and v.version = any ($3) and v.valid_to is null`,
            [generation, streamId, named],
          );
    return {
      ...stored,
      current: row ? { fields: fieldsOfRow(row), validFrom: row.valid_from } : null,
      versions: versions.map((one) => ({ fields: fieldsOfVersionRow(one), validFrom: one.valid_from })),
    };
  }

  async write(q: Queryable, target: ProjectionTarget, changes: ProjectsChanges): Promise<void> {
    await together([
      changes.followed ? followProject(q, target, changes.followed) : Promise.resolve(),
      projectsTable.insert(q, target, changes.inserted),
      writeVersions(q, target, changes.versions),
      writeFiles(q, target, changes.files),
    ]);
  }

  rowsOf(target: ProjectionTarget, { inserted, versions, files }: ProjectsChanges): ReadModelRows[] {
    return [
      { table: projectsTable, rows: projectsTable.rows(target, inserted) },
      { table: versionsTable, rows: versionsTable.rows(target, versions.inserted) },
      { table: filesTable, rows: filesTable.rows(target, files.inserted) },
    ];
  }
}

/** An event that cannot be read names whatever it names: that may be no number. */
function namedVersions(events: LoggedEvent[]): number[] {
  const named = events
    .filter(({ type }) => type === 'ProjectVersionNamed' || type === 'ProjectVersionStarred')
    .map(({ data }) => (data as { version?: unknown } | null)?.version);
  return named.filter((version): version is number => Number.isInteger(version));
}
