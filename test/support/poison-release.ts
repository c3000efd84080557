import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { makeRelease, type Release } from './release.js';

const REAL = '../../dist/libs/projections/src/folding/folds.js';

/** The built program, but all of its folds, in threads and in place, are those of `poison-folds.mjs`. */
export function makePoisonRelease(): Promise<Release> {
  return makeRelease('poison', async (root) => {
    const folding = join(root, 'dist', 'libs', 'projections', 'src', 'folding');
    const poisoned = await readFile(join(projectRoot(), 'test', 'support', 'poison-folds.mjs'), 'utf8');
    if (!poisoned.includes(`'${REAL}'`)) throw new Error(`poison-folds.mjs does not import ${REAL}`);
    await rename(join(folding, 'folds.js'), join(folding, 'real-folds.js'));
    await writeFile(join(folding, 'folds.js'), poisoned.replace(`'${REAL}'`, `'./real-folds.js'`));
  });
}
