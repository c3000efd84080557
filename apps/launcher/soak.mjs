import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './paths.mjs';
import { run, StepFailed } from './run.mjs';

/** `npm run soak`: builds test/soak and runs it from dist, against the program that `npm start` runs. Its exit code is the finding. */
const compiler = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const out = join(root, 'dist', 'soak');
const soak = join(out, 'test', 'soak', 'soak.js');

try {
  requireNode();
  await ensureInstalled();
  await ensureBuilt();
  await run(process.execPath, [compiler, '-p', 'test/soak/tsconfig.json', '--outDir', out], { cwd: root });
  await run(process.execPath, [soak], { cwd: root, show: true });
} catch (error) {
  // what the soak found it has told itself
  const bySoak = error instanceof StepFailed && error.message.includes(soak);
  if (!bySoak)
    process.stderr.write(`${error instanceof StepFailed || error.plain ? error.message : error.stack}\n`);
  process.exit(1);
}
