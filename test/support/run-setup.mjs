import { fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what the test files of this run share, and a keeper that clears up also when the run is killed. */
export default async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'chatlog-run-'));
  process.env.CHATLOG_TEST_RUN_DIR = folder;
  const keeper = fork(join(import.meta.dirname, 'run-keeper.mjs'), [folder], {
    detached: true,
    stdio: 'inherit',
  });
  keeper.unref();
  keeper.channel?.unref();
  globalThis.chatlogTestKeeper = keeper;
}
