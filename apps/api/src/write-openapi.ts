import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { describeApi } from './service/describe-api.js';

/** Writes docs/openapi.json anew; a test compares it with what the code describes. Run it from the build. */
const path = join(projectRoot(), 'docs', 'openapi.json');
writeFileSync(path, `${JSON.stringify(await describeApi(), null, 2)}\n`);
process.stdout.write(`wrote ${path}\n`);
