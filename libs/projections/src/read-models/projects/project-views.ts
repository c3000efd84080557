import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import type { Reader } from '../../reading/reader.js';

/** How often projects were shown on the home page. */
@Injectable()
export class ProjectViews {
  constructor(private readonly database: Database) {}

  /** By project id; those that were never shown have none. */
  async of(q: Queryable, projectIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await q.query<{ project_id: string; views: number }>(
      'select project_id, views from project_views where project_id = any ($1)',
      [projectIds],
    );
    return new Map(rows.map(({ project_id, views }) => [project_id, views]));
  }

  /** One of the reader's projects by chance, shown once more; null when there is none. */
  async showAny({ tenantId, userId }: Reader): Promise<string | null> {
    const [row] = await this.database.query<{ project_id: string }>(
      `with mine as (
         select stream_id from streams
         where tenant_id = $1 and kind = 'project' and ($2::text is null or owner_id = $2)
       ), chance as materialized (select floor(random() * (select count(*) from mine))::bigint as place)
       insert into project_views as v (project_id, tenant_id, views)
       select m.stream_id, $1, 1 from mine m offset (select place from chance) limit 1
       on conflict (project_id) do update set views = v.views + 1
       returning project_id`,
      [tenantId, userId ?? null],
    );
    return row?.project_id ?? null;
  }
}
