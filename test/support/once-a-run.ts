import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Set by the run's set-up, for all of its workers. */
const RUN_FOLDER = 'CHATLOG_TEST_RUN_DIR';

/** A folder for what the test files of this run share; the run's keeper removes it. */
export function runFolder(): string {
  const folder = process.env[RUN_FOLDER];
  if (!folder) throw new Error(`${RUN_FOLDER} is not set: run this test in the integration or crash project`);
  return folder;
}

/** Several workers ask at once: the first makes it, the others read what it wrote (as JSON). */
export async function onceARun<T>(name: string, make: () => Promise<T>): Promise<T> {
  const [result, claim] = [join(runFolder(), `${name}.json`), join(runFolder(), `${name}.claim`)];
  for (;;) {
    if (existsSync(result)) return JSON.parse(readFileSync(result, 'utf8')) as T;
    try {
      mkdirSync(claim);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await pause(50);
      continue;
    }
    try {
      const value = await make();
      writeFileSync(`${result}.new`, JSON.stringify(value));
      renameSync(`${result}.new`, result);
      return value;
    } finally {
      rmdirSync(claim);
    }
  }
}
