import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Gives a file that was written under a passing name its own: there is a whole file under that name, or none. */
export async function settleFile(passing: string, file: string): Promise<void> {
  await sync(passing);
  await rename(passing, file);
  // the name is durable only with its folder
  await sync(dirname(file));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
