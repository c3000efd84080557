import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

const { ConfigInvalid, loadConfig, migrate, SchemaNewer } = await import(
  pathToFileURL(join(root, 'dist', 'libs', 'platform', 'src', 'index.js')).href
);

/** `npm run migrate`: brings the schema of DATABASE_URL up to date and ends. An embedded database is migrated by `npm start`. */
try {
  // a migration serves nobody, so it needs no token and no loopback
  const { databaseUrl } = loadConfig({ ...process.env, CHATLOG_ROLE: 'worker' });
  const { applied } = await migrate({ url: databaseUrl });
  process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the schema is up to date\n');
} catch (error) {
  const known = error instanceof ConfigInvalid || error instanceof SchemaNewer;
  process.stderr.write(`${known ? error.message : error.stack}\n`);
  process.exit(1);
}
