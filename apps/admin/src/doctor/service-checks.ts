import { Database, JobQueues, ProcessReports } from '#platform';
import { ProjectionOverview, type ProjectionReport } from '#projections';
import { duration } from '../cli/progress.js';
import type { Session } from '../session/session.js';
import { type Check, checked, fail, ok, warn } from './check.js';

/** As the health check of a worker has it: longer than any pause of the sweeper's back-off. */
const LAG_FAILS_S = 90;
const LAG_WARNS_S = 10;
/** A turn may wait for a worker for 10 minutes, and may run long. */
const TURN_WARNS_S = 1_800;
/** Workers say every minute that they feed a generation. */
const STALE_S = 600;

const OLDEST_TURN = `select extract(epoch from clock_timestamp() - min(requested_at))::float8 as seconds,
  count(*)::integer as count from turns`;

/** What runs, whether it keeps up, and what waits for a person. */
export async function serviceChecks(session: Session): Promise<Check[]> {
  const reports = await session.get(ProcessReports).recent();
  const isWorking = reports.some(({ role }) => role === 'all' || role === 'worker');
  const checks = [
    () =>
      checked('processes', async () =>
        processCheck(
          reports.map(({ role }) => role),
          isWorking,
        ),
      ),
    () => checked('queue', () => queueCheck(session)),
    () => checked('turns', () => turnCheck(session)),
    () =>
      checked('projections', async () =>
        (await session.get(ProjectionOverview).all()).flatMap((report) =>
          projectionChecks(report, isWorking),
        ),
      ),
  ];
  const found: Check[] = [];
  for (const check of checks) found.push(...(await check()));
  return found;
}

function processCheck(roles: string[], isWorking: boolean): Check {
  const others = roles.filter((role) => role !== 'lol');
  if (isWorking) return ok('processes', others.join(', '));
  const found = others.length === 0 ? 'none reports itself' : `${others.join(', ')}, and no worker`;
  return warn(
    'processes',
    found,
    'start one: turns wait, and projections stand still (reads are exact all the same)',
  );
}

async function queueCheck(session: Session): Promise<Check> {
  const begun = performance.now();
  const { backend, ok: answers, lastError } = await session.get(JobQueues).health();
  const name = backend === 'redis' ? 'Redis' : 'PostgreSQL';
  if (!answers)
    return fail(
      'queue',
      `${name} does not answer: ${lastError}`,
      'start it: until then the sweeper alone finds work',
    );
  return ok('queue', `${name} answers in ${(performance.now() - begun).toFixed(1)} ms`);
}

async function turnCheck(session: Session): Promise<Check> {
  const [row] = await session.get(Database).query<{ seconds: number | null; count: number }>(OLDEST_TURN);
  const { seconds, count } = row!;
  if (seconds === null) return ok('turns', 'none open');
  const found = `${count} open, the oldest for ${duration(seconds)}`;
  if (seconds < TURN_WARNS_S) return ok('turns', found);
  return warn(
    'turns',
    found,
    'see whether a worker runs; one that nobody runs is ended by the next worker or reader',
  );
}

function projectionChecks(report: ProjectionReport, isWorking: boolean): Check[] {
  const { projection, generations, lagEvents, lagSeconds, parked, rebuildId } = report;
  const name = `projection ${projection}`;
  const checks: Check[] = [];
  const behind = `${lagEvents} events behind, for ${duration(lagSeconds)}`;
  const remedy = isWorking ? 'see the log of the workers' : 'start a worker';
  if (lagSeconds > LAG_FAILS_S) checks.push(fail(name, behind, remedy));
  else if (lagSeconds > LAG_WARNS_S) checks.push(warn(name, behind, remedy));
  if (parked > 0)
    checks.push(warn(name, `${parked} streams are parked: their rows stand still`, 'npm run lol -- parked'));
  if (!generations.some(({ status }) => status === 'live'))
    checks.push(fail(name, 'has no live generation', `npm run lol -- rebuild ${projection}`));
  for (const { generation, status, fedAt } of generations) {
    const age = (Date.now() - Date.parse(fedAt)) / 1_000;
    if (!isWorking || status !== 'live' || age < STALE_S) continue;
    checks.push(
      fail(
        name,
        `nobody has fed generation ${generation} for ${duration(age)}`,
        'start a worker of this release',
      ),
    );
  }
  const live = generations.find(({ status }) => status === 'live');
  const rebuilding = rebuildId === null ? '' : `, being rebuilt (${rebuildId})`;
  return checks.length > 0 ? checks : [ok(name, `generation ${live?.generation}, ${behind}${rebuilding}`)];
}
