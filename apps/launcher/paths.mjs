import { dirname, join, resolve } from 'node:path';

/** The project's folder, wherever it was started from. */
export const root = dirname(dirname(import.meta.dirname));

/** Where the embedded database and its lock are; the same rule as the program's configuration. */
export function dataFolder(env = process.env) {
  const named = env.CHATLOG_DATA_DIR?.trim();
  return named ? resolve(named) : join(root, '.data');
}
