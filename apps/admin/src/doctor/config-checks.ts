import { ConfigInvalid, configListing, loadConfig } from '#platform';
import { type Check, fail, ok, warn } from './check.js';

/** Names that look like ours. */
const OURS = /^CHATLOG_/;

/** Every setting as it is in force here, what is wrong with them, and what is most likely not meant. */
export function configChecks(env: NodeJS.ProcessEnv): Check[] {
  const listing = configListing(env);
  const known = new Set(listing.map(({ name }) => name));
  const strangers = Object.keys(env).filter((name) => OURS.test(name) && !known.has(name));
  return [
    ...listing.map(({ name, value, isSet }) => ok(name, isSet ? value : `${value} (default)`)),
    ...strangers.map((name) =>
      warn(name, 'is no setting of this program', 'check how it is written, or remove it'),
    ),
    ...invalid(env),
    ...unlikely(env),
  ];
}

function invalid(env: NodeJS.ProcessEnv): Check[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return error.problems.map(({ name, value, problem }) =>
      fail(name, `${value} ${problem}`, 'put it right: no process of the service starts with it'),
    );
  }
}

function unlikely(env: NodeJS.ProcessEnv): Check[] {
  const isSet = (name: string): boolean => (env[name]?.trim() ?? '') !== '';
  const checks: Check[] = [];
  if (env.CHATLOG_UNSAFE_NO_AUTH?.trim() === '1')
    checks.push(
      warn(
        'CHATLOG_UNSAFE_NO_AUTH',
        'everyone who reaches the port is the owner',
        'set CHATLOG_TOKEN instead',
      ),
    );
  if (!isSet('ANTHROPIC_API_KEY') && !isSet('ANTHROPIC_BASE_URL'))
    checks.push(warn('ANTHROPIC_API_KEY', 'a scripted model answers', 'set the key, if a real one should'));
  if (isSet('DATABASE_URL') && isSet('CHATLOG_DATA_DIR'))
    checks.push(warn('CHATLOG_DATA_DIR', 'means nothing beside DATABASE_URL', 'remove one of the two'));
  return checks;
}
