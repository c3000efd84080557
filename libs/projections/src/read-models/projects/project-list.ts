import { Injectable } from '@nestjs/common';
import type { ProjectSummary } from '#contracts';
import { EventLog, type StreamInfo } from '#event-log';
import { Database, type Queryable } from '#platform';
import { GenerationCatalog } from '../../checkpoints/generation-catalog.js';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { ProjectionRunner } from '../../running/projection-runner.js';
import { BATCH } from '../../running/stream-projector.js';
import { ProjectAt } from './project-at.js';
import { projectSummary } from './project-resource.js';
import { ProjectViews } from './project-views.js';
import { fieldsOfRow, projectColumns, type ProjectFields, type ProjectRow } from './project.row.js';
import { ProjectsProjection } from './projects.projection.js';

/** At most one of `after`, `before` and `offset`. */
export type ProjectListRequest = { limit: number; after?: string; before?: string; offset?: number };
/** A page, newest created first; `next` and `prev` are cursors for `after` and `before`, absent at the ends. */
export type ProjectListPage = { items: ProjectSummary[]; next?: string; prev?: string };

type Place = [createdAt: string, id: string];
type Window = { after?: Place; before?: Place; limit: number; offset: number };
type Found = { items: ProjectSummary[]; shown: Entry[]; more: boolean };
type Entry = { id: string; createdAt: string; after: number; head: number };

const PROJECT_FIRST_MS = 1_000;

/**
 * Pages across projects, exact at any lag: which projects there are, and their order, stands in the log's own `streams`; of
 * the page's, those that are behind are folded in the same snapshot.
 */
@Injectable()
export class ProjectList {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
    private readonly projection: ProjectsProjection,
    private readonly projects: ProjectAt,
    private readonly views: ProjectViews,
    private readonly catalog: GenerationCatalog,
  ) {}

  /** @throws CursorInvalid */
  async page(reader: Reader, request: ProjectListRequest): Promise<ProjectListPage> {
    const list = ['projects', reader.tenantId, reader.userId ?? null];
    const place = (cursor?: string) =>
      cursor === undefined ? undefined : (decodeCursor(list, cursor) as Place);
    const [after, before] = [place(request.after), place(request.before)];
    const { limit, offset = 0 } = request;
    const window = { after, before, limit, offset };
    let page = await this.attempt(reader, window, false);
    if ('behind' in page) {
      const until = performance.now() + PROJECT_FIRST_MS;
      for (const id of page.behind) await this.runner.project(id, { budgetMs: until - performance.now() });
      page = await this.attempt(reader, window, true);
    }
    if ('behind' in page) throw new Error('an eager read leaves nothing out');
    const [items, shown] = before
      ? [page.items.toReversed(), page.shown.toReversed()]
      : [page.items, page.shown];
    const [first, last] = [shown.at(0), shown.at(-1)];
    const hasNext = before ? true : page.more;
    const hasPrevious = before ? page.more : offset > 0 || after !== undefined;
    return {
      items,
      ...(last && hasNext && { next: encodeCursor(list, [last.createdAt, last.id]) }),
      ...(first && hasPrevious && { prev: encodeCursor(list, [first.createdAt, first.id]) }),
    };
  }

  /** Projects with very long tails are named instead, unless `eager`: they are to be projected first. */
  private async attempt(
    reader: Reader,
    window: Window,
    eager: boolean,
  ): Promise<Found | { behind: string[] }> {
    const epoch = await this.log.epoch();
    return this.database.transaction('REPEATABLE READ', async (q) => {
      const { generation } = await this.catalog.readable(q, this.projection.name);
      const found = await this.entries(q, reader, generation, { ...window, limit: window.limit + 1 });
      const shown = found.slice(0, window.limit);
      const far = shown.filter(({ after, head }) => head - after > BATCH);
      if (far.length > 0 && !eager) return { behind: far.map(({ id }) => id) };
      const fields = await this.fields(q, { generation, epoch }, shown);
      const views = await this.views.of(
        q,
        shown.map(({ id }) => id),
      );
      const items = shown.map(({ id }) => projectSummary(id, fields.get(id)!, views.get(id) ?? 0));
      return { items, shown, more: found.length > window.limit };
    });
  }

  /** The page in the direction of its cursor. A place never changes: created at, then id. */
  private async entries(
    q: Queryable,
    { tenantId, userId }: Reader,
    generation: number,
    { after, before, limit, offset }: Window,
  ): Promise<Entry[]> {
    const values: unknown[] = [tenantId, generation, offset, limit];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const where = ['s.tenant_id = $1', `s.kind = 'project'`];
    if (userId !== undefined) where.push(`s.owner_id = ${bind(userId)}`);
    const [at, id] = after ?? before ?? [];
    const side = before ? '>' : '<';
    if (at !== undefined)
      where.push(`(s.created_at, s.stream_id) ${side} (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
    const order = before ? 'asc' : 'desc';
    return q.query<Entry>(
      `select s.stream_id as id, s.created_at as "createdAt", coalesce(c.seq, 0) as after, h.seq as head
       from (
         select s.stream_id, s.created_at from streams s where ${where.join(' and ')}
         order by s.created_at ${order}, s.stream_id ${order} offset $3 limit $4
       ) s
       left join lateral (
         select c.seq from projection_checkpoints c
         where c.projection = 'projects' and c.generation = $2 and c.stream_id = s.stream_id limit 1
       ) c on true
       cross join lateral (select e.seq from events e where e.stream_id = s.stream_id order by e.seq desc limit 1) h
       order by s.created_at ${order}, s.stream_id ${order}`,
      values,
    );
  }

  private async fields(
    q: Queryable,
    { generation, epoch }: { generation: number; epoch: string },
    entries: Entry[],
  ): Promise<Map<string, ProjectFields>> {
    const current = entries.filter(({ after, head }) => after === head).map(({ id }) => id);
    const rows = await q.query<ProjectRow>(
      `select ${projectColumns} from projects p
       where p.generation = $1 and p.project_id = any ($2) and p.valid_to is null`,
      [generation, current],
    );
    const fields = new Map(rows.map((row) => [row.project_id, fieldsOfRow(row)]));
    for (const { id, head } of entries.filter((entry) => !fields.has(entry.id))) {
      const stream = (await this.log.info(id, q)) as StreamInfo;
      const moment = await this.projects.moment({ q, stream, head, at: head, epoch, eager: true });
      if (moment) fields.set(id, moment.fields);
    }
    return fields;
  }
}
