import { Database, loadConfig } from '#platform';
import { OldestUnprojected } from '#projections';

/** Longer than any pause of the sweeper's back-off (60 s). */
const OLDEST_SECONDS = 90;

/**
 * The health check of a worker's container: exit code 0 while nothing waits longer than 90 s for its projections. A worker
 * that runs but does no work is not well; that it runs, the container engine sees by itself. Parked streams wait for a person.
 */
const { databaseUrl = '' } = loadConfig({ ...process.env, CHATLOG_ROLE: 'worker' });
const database = await Database.connect({ url: databaseUrl, poolSize: 1 });
const seconds = await new OldestUnprojected(database).seconds();
await database.end();
process.stdout.write(`the oldest unprojected event has waited ${seconds.toFixed(1)} s\n`);
process.exit(seconds > OLDEST_SECONDS ? 1 : 0);
