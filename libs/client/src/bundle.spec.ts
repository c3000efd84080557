import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A page's first load may be 200,000 bytes in all: what its data takes of that. */
const MOST_BYTES = 60_000;

it('the client, with the fold and its schemas, bundles for browsers and is small', async () => {
  const bundler = join(__dirname, '..', '..', '..', 'test', 'support', 'bundle-client.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [bundler]);
  const { fromNode, gzipped } = JSON.parse(stdout) as { fromNode: string[]; gzipped: number };
  process.stderr.write(`the client is ${gzipped} bytes, gzipped\n`);
  expect(fromNode).toEqual([]);
  expect(gzipped).toBeGreaterThan(5_000);
  expect(gzipped).toBeLessThan(MOST_BYTES);
}, 60_000);
