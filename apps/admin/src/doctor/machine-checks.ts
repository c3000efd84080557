import { statfs } from 'node:fs/promises';
import type { Config } from '#platform';
import { size } from '../cli/table.js';
import { type Check, checked, fail, ok, warn } from './check.js';

const [LEAST_MAJOR, LEAST_MINOR] = [20, 19];
const GIGABYTE = 1_000_000_000;

/** Node and the disk of the data folder. The disk of a database elsewhere is its server's to watch. */
export async function machineChecks(config: Config): Promise<Check[]> {
  const disk = config.databaseUrl === undefined ? checked('disk', () => diskCheck(config.dataDir)) : [];
  return [nodeCheck(), ...(await disk)];
}

function nodeCheck(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < LEAST_MAJOR || (major === LEAST_MAJOR && minor < LEAST_MINOR);
  if (!isOld) return ok('Node', version);
  return fail('Node', `${version} is too old`, `install ${LEAST_MAJOR}.${LEAST_MINOR} or newer`);
}

async function diskCheck(folder: string): Promise<Check> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const [free, all] = [bavail * bsize, blocks * bsize];
  const found = `${size(free)} of ${size(all)} free for ${folder}`;
  const remedy = 'make room: a full disk refuses every write (503 storage_full), and reads go on';
  if (free < GIGABYTE / 5) return fail('disk', found, remedy);
  return free < 2 * GIGABYTE || free < all / 20 ? warn('disk', found, remedy) : ok('disk', found);
}
