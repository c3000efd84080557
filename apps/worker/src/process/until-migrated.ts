import { setTimeout as pause } from 'node:timers/promises';
import { type Config, Database, hasUnfinishedRestore, SchemaNewer, schemaState } from '#platform';

const LOOK_EVERY_MS = 500;

/**
 * Resolves to true when the database has this code's schema, which somebody else migrates; to false when `signal` comes
 * first. `whileWaiting` is called once, if there is a wait, and what it gives is called at its end.
 * @throws SchemaNewer
 */
export async function untilMigrated(
  config: Config,
  signal: AbortSignal,
  whileWaiting: () => Promise<() => Promise<void>> = async () => async () => undefined,
): Promise<boolean> {
  let problem = await missingFrom(config);
  if (problem === null) return true;
  process.stdout.write(`waiting for the database: ${problem}\n`);
  const endWait = await whileWaiting();
  try {
    while (problem !== null && !signal.aborted) {
      await pause(LOOK_EVERY_MS);
      problem = await missingFrom(config);
    }
    return problem === null;
  } finally {
    await endWait();
  }
}

/** What keeps a process from starting on this database; null when nothing does. */
async function missingFrom({ databaseUrl = '' }: Config): Promise<string | null> {
  let database: Database | undefined;
  try {
    database = await Database.connect({ url: databaseUrl, poolSize: 1 });
    const { missing } = await schemaState(database.pool);
    if (missing.length > 0) return `it lacks ${missing.length} migrations`;
    return (await hasUnfinishedRestore(database)) ? 'a backup is being restored into it' : null;
  } catch (error) {
    if (error instanceof SchemaNewer) throw error;
    return error instanceof Error ? error.message : String(error);
  } finally {
    await database?.end();
  }
}
