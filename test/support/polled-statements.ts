import type { PlanSeen } from './server-plans.js';

/** A statement that the program says again and again by itself, and what it may go over each time. */
export type Polled = {
  name: string;
  /** What it is told by. */
  says: RegExp;
  /** Who says it, and how often. */
  every: string;
  /** Rows of all its tables together; 100 where nothing is said. */
  rows?: number;
  /** Pages of 8 KB; 100 where nothing is said. */
  pages?: number;
};

/** Tables that may be gone over as a whole: they do not grow with what people write. */
const BOUNDED: Record<string, string> = {
  projection_generations: 'a few of each projection',
  process_reports: 'one of each process, for a minute',
  turns: 'the open turns alone',
  rebuilds: 'one of each act of an administrator',
  log_identity: 'one row',
  migrations: 'one of each migration',
};

const LOCK = 'an advisory lock: no table';

/**
 * Everything that is polled. What people and models do is not here, nor what a timer does once it has found work: a stream to be
 * projected, a turn to be settled, a bucket to be copied, events to be sealed. BullMQ's own statements are its own: its tables hold
 * jobs that wait, and the last hundred that failed. The lists of the web page, asked for every 30 s, are in
 * projections/query-plans.spec.ts.
 */
export const polledStatements: Polled[] = [
  { name: 'locks', says: /^\s*select pg_(try_)?advisory_(un)?lock/i, every: LOCK },
  { name: 'life of a connection', says: /^select 1$/i, every: 'LISTEN 10 s; readiness, metrics' },
  // sweeper, reaper
  {
    name: 'work list',
    says: /from pending order by since, stream_id limit \$1$/,
    every: 'sweeper, 1 s',
    rows: 1_000,
    pages: 200,
  },
  {
    name: 'generations that are fed',
    says: /as copied\s+from projection_generations/,
    every: 'catalog, 5 s',
  },
  {
    name: 'generations are told to be fed',
    says: /^update projection_generations set fed_at/,
    every: 'sweeper, 1 s',
  },
  {
    name: 'folds that were begun',
    says: /max\(a\.attempts\) as attempts/,
    every: 'sweeper with work, 1 s',
    rows: 10_000,
    pages: 20_000,
  },
  {
    name: 'open turns',
    says: /from open_turns\(/,
    every: 'reaper, 1 s; turns are 300 here',
    rows: 1_000,
    pages: 4_000,
  },
  { name: 'lease', says: /renew_lease|with renewed as/, every: 'heartbeat of a running turn, 5 s' },
  {
    name: 'repair of the work list',
    says: /as behind\s+from \(select stream_id, tenant_id, kind from streams/,
    every: 'hourly, a page of 500 streams',
    rows: 10_000,
    pages: 16_000,
  },
  // readers
  {
    name: 'heads of watched streams',
    says: /^select s.stream_id, h.seq from unnest/,
    every: 'signals, 1 s; 1,000 readers here',
    rows: 1_000,
    pages: 4_000,
  },
  {
    name: 'events after a cursor',
    says: /^select seq, event_id, [^]*from events where stream_id = \$1 and seq > \$2/,
    every: 'a reader after a signal',
  },
  {
    name: 'head of a stream',
    says: /^select seq from events where stream_id = \$1 order by seq desc limit 1$/,
    every: 'auditor; a reader that comes back',
  },
  {
    name: 'epoch',
    says: /log_epoch\(\)|pg_control_system|from log_identity/,
    every: 'readers that ping, 5 s; backups',
    pages: 300,
  },
  {
    name: 'answer of a command',
    says: /from commands where tenant_id/,
    every: 'whoever waits for it, 50 ms',
  },
  // health and figures
  {
    name: 'oldest unprojected',
    says: /as seconds from pending p/,
    every: 'readiness and the container’s health check; metrics, 5 s',
    rows: 500,
    pages: 1_500,
  },
  {
    name: 'generations and their sizes',
    says: /as "fedAt",\s+\(select count/,
    every: 'metrics 5 s, admin page 2 s; counts to 10,000 in each',
    rows: 70_000,
    pages: 3_000,
  },
  {
    name: 'lag',
    says: /^with listed as materialized/,
    every: 'metrics 5 s, admin page 2 s; of 10,000 pending streams, here 3,000',
    rows: 50_000,
    pages: 120_000,
  },
  {
    name: 'more lag than counted',
    says: /as more$/,
    every: 'metrics 5 s; looks at 10,000 pending streams',
    rows: 10_001,
  },
  { name: 'report of a process', says: /INSERT INTO process_reports/, every: 'each process, 1 s' },
  {
    name: 'reports of all processes',
    says: /FROM process_reports WHERE at >/,
    every: 'admin page 5 s; a rebuild’s throttle 1 s',
  },
  {
    name: 'schema',
    says: /from "?migrations"?|to_regclass/i,
    every: 'a process that waits for its migration, 1 s',
  },
  // rebuilds
  {
    name: 'rebuilds that run',
    says: /as later_seconds[^]*where r\.status = 'running'/,
    every: 'rebuild worker, 1 s',
    rows: 300,
  },
  {
    name: 'one rebuild',
    says: /as later_seconds[^]*where r\.id = \$1/,
    every: 'its stream and `lol rebuild`, 1 s',
    rows: 300,
  },
  {
    name: 'newest rebuilds',
    says: /as later_seconds[^]*order by started_at desc, id limit/,
    every: 'admin page, 4 s',
    rows: 600,
    pages: 500,
  },
  {
    name: 'outlived generations',
    says: /where status = '(retained|dropping)' and retained_at/,
    every: 'janitor, 15 s',
  },
  // admin page
  {
    name: 'parked streams, grouped',
    says: /^select fingerprint, projection, event_type/,
    every: 'admin page 5 s; the newest 10,000',
    rows: 10_000,
    pages: 12_000,
  },
  // chain
  { name: 'clock', says: /^select clock_timestamp\(\) - interval/, every: 'sealer, 5 s' },
  { name: 'last seals', says: /from chain_seals order by seal desc limit 2/, every: 'sealer, 5 s' },
  {
    name: 'streams that grew',
    says: /^select distinct stream_id from events where recorded_at >= \$1/,
    every: 'sealer, 5 s; the last 32 pages of each of 16 parts',
    rows: 30_000,
    pages: 1_000,
  },
  {
    name: 'streams to be sealed',
    says: /^with looked as/,
    every: 'sealer: those that grew, and a page of 2,000 of all in an hour',
    rows: 10_000,
    pages: 30_000,
  },
  {
    name: 'end of a page of streams',
    says: /^select max\(stream_id::text\)/,
    every: 'sealer, hourly',
    rows: 2_000,
    pages: 300,
  },
  // auditor: one stream of chance
  {
    name: 'stream of chance',
    says: /^with chosen as/,
    every: 'auditor, 10 a second at most',
    rows: 300,
    pages: 400,
  },
  { name: 'stream', says: /from streams where stream_id = \$1$/, every: 'auditor' },
  {
    name: 'stand of a stream',
    says: /as head,\s+exists \(select from pending p where p\.stream_id = \$1\) as pending/,
    every: 'auditor',
  },
  {
    name: 'checkpoint',
    says: /^select coalesce\(c\.seq, 0\) as seq, c\.seq is not null as begun/,
    every: 'auditor',
  },
  {
    name: 'generation to be read',
    says: /^select generation, version from projection_generations g/,
    every: 'auditor',
  },
  {
    name: 'rows of a stream',
    says: /from \w+\s+where generation = \$1 and (conversation|project)_id = \$2 +order by [\w, ]+ limit \$3$/,
    every: 'auditor',
  },
];

/** What is wrong with a plan, in words; nothing where it is as it should be. */
export type Offence = { name: string; what: string };

export function offencesOf(plan: PlanSeen): Offence[] {
  const polled = polledStatements.find(({ says }) => says.test(plan.sql.trim()));
  if (!polled) return [{ name: 'not on the list', what: plan.sql.trim().slice(0, 400) }];
  const { name, rows = 100, pages = 100 } = polled;
  const whole = plan.scans.filter(
    ({ scan, schema, relation }) =>
      scan === 'Seq Scan' && schema === 'public' && !Object.hasOwn(BOUNDED, relation),
  );
  return [
    ...whole.map(({ relation, rows: gone }) => ({
      name,
      what: `goes over all of ${relation} (${gone} rows)`,
    })),
    ...(plan.rows > rows ? [{ name, what: `goes over ${plan.rows} rows, ${rows} at most` }] : []),
    ...(plan.pages > pages ? [{ name, what: `reads ${plan.pages} pages, ${pages} at most` }] : []),
  ];
}

/** Which statement of the list it is. */
export const nameOf = (plan: PlanSeen): string | undefined =>
  polledStatements.find(({ says }) => says.test(plan.sql.trim()))?.name;
