import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';

/** Which program this is: the version of the package, and, where it was built, what of: `0.1.0+1a2b3c4d`. */
export function releaseName(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  const mark = join(projectRoot(), 'dist', '.sources-sha256');
  return existsSync(mark) ? `${version}+${readFileSync(mark, 'utf8').slice(0, 8)}` : version;
}
