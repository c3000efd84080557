import { type Config, loadConfig } from '#platform';

/**
 * The configuration of the service as far as a command needs it: it listens nowhere, so no token is asked for, and it may run on
 * an embedded database.
 * @throws ConfigInvalid
 */
export function commandConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const role = env.DATABASE_URL?.trim() ? 'worker' : 'all';
  return loadConfig({ ...env, CHATLOG_ROLE: role, CHATLOG_WORK: '', PORT: '', HOST: '' });
}
