import { Database, loadConfig } from '#platform';

/** Longer than any pause of the sweeper's back-off (60 s). */
const OLDEST_SECONDS = 90;

/**
 * The health check of a worker's container: exit code 0 while nothing waits longer than 90 s for its projections. A worker
 * that runs but does no work is not well; that it runs, the container engine sees by itself. Parked streams wait for a person.
 */
const { databaseUrl = '' } = loadConfig({ ...process.env, CHATLOG_ROLE: 'worker' });
const database = await Database.connect({ url: databaseUrl, poolSize: 1 });
const [oldest] = await database.query<{ seconds: number }>(
  `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(p.since)), 0)::float8 AS seconds
   FROM pending p WHERE NOT EXISTS (SELECT FROM parked k WHERE k.stream_id = p.stream_id)`,
);
await database.end();
const seconds = oldest?.seconds ?? 0;
process.stdout.write(`the oldest unprojected event has waited ${seconds.toFixed(1)} s\n`);
process.exit(seconds > OLDEST_SECONDS ? 1 : 0);
