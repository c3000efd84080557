import { setTimeout as pause } from 'node:timers/promises';
import { FolderInUse, lockFolder } from '../../libs/platform/src/data-lock.js';
import { dataFolder } from './paths.mjs';

const STOPPING = 'it is stopping';
/** How soon a program whose npm was killed knows of it, and more. */
const SECOND_LOOK_MS = 600;
const STOP_LIMIT_MS = 15_000;

/**
 * Before anything else: a second start must not touch what the first one runs on. One that is stopping is waited for.
 * @throws {FolderInUse} saying who has it
 */
export async function takeDataFolder(address) {
  const lock = await patiently(`LOL Chat Log on ${address}`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      lock.setNote(STOPPING);
      // the program's own handler is not there yet: there is nothing to stop
      if (process.listenerCount(signal) === 1) process.exit(130);
    });
  }
}

async function patiently(note) {
  const begin = Date.now();
  for (;;) {
    try {
      return await lockFolder(dataFolder(), { note });
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      const limit = error.holder?.note === STOPPING ? STOP_LIMIT_MS : SECOND_LOOK_MS;
      if (Date.now() - begin < limit) {
        await pause(200);
        continue;
      }
      error.message += '\nIt goes on; this start changes nothing. CHATLOG_DATA_DIR names another folder.';
      throw error;
    }
  }
}
