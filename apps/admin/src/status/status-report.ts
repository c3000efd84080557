import { EventLog } from '#event-log';
import {
  Database,
  JobQueues,
  type OpenedDatabase,
  type ProcessReport,
  ProcessReports,
  type QueueHealth,
  releaseName,
} from '#platform';
import { ProjectionOverview, type ProjectionReport, type Rebuild, Rebuilds } from '#projections';
import type { Session } from '../session/session.js';
import { tableSizes, type TableSize } from './table-sizes.js';

export type OpenTurns = { count: number; running: number; oldestSeconds: number };

/** How the service stands at a moment. */
export type StatusReport = {
  version: string;
  server: OpenedDatabase['server'];
  epoch: string;
  processes: ProcessReport[];
  projections: ProjectionReport[];
  openTurns: OpenTurns;
  queue: QueueHealth;
  rebuilds: Rebuild[];
  tables: TableSize[];
};

const OVER = ['done', 'cancelled', 'failed'];

const OPEN_TURNS = `select count(*)::integer as count,
    count(*) filter (where lease_until >= clock_timestamp())::integer as running,
    coalesce(extract(epoch from clock_timestamp() - min(requested_at)), 0)::float8 as "oldestSeconds"
  from turns`;

/** Looks at everything once, and changes nothing. */
export async function statusReport(session: Session): Promise<StatusReport> {
  const database = session.get(Database);
  const reports = session.get(ProcessReports);
  const [openTurns] = await database.query<OpenTurns>(OPEN_TURNS);
  const rebuilds = await session.get(Rebuilds).list();
  return {
    version: releaseName(),
    server: session.server,
    epoch: await session.get(EventLog).epoch(),
    processes: (await reports.recent()).filter(({ processId }) => processId !== reports.processId),
    projections: await session.get(ProjectionOverview).all(),
    openTurns: openTurns ?? { count: 0, running: 0, oldestSeconds: 0 },
    queue: await session.get(JobQueues).health(),
    rebuilds: rebuilds.filter(({ status }) => !OVER.includes(status)),
    tables: await tableSizes(database),
  };
}
