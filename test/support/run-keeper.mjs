import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/**
 * Outlives the test run, however that ends (its channel to the run closes), and clears up: the embedded server is stopped,
 * an external one loses the template database.
 */
const folder = process.argv[2];
// Ctrl-C goes to the run; the keeper ends after it
process.on('SIGINT', () => undefined);
process.on('disconnect', () => {
  clearUp().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function clearUp() {
  const pidFile = join(folder, 'data', 'postgres', 'postmaster.pid');
  if (existsSync(pidFile)) await stopServer(Number(readFileSync(pidFile, 'utf8').split('\n')[0]));
  const shared = join(folder, 'postgres.json');
  if (existsSync(shared)) await dropTemplate(JSON.parse(readFileSync(shared, 'utf8')));
  rmSync(folder, { recursive: true, force: true });
}

async function stopServer(pid) {
  const alive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      // ESRCH: it has gone
      return false;
    }
  };
  // nothing of a test database is worth a checkpoint
  if (alive()) process.kill(pid, 'SIGQUIT');
  for (let waited = 0; alive() && waited < 10_000; waited += 50) await pause(50);
}

async function dropTemplate({ url, template, external }) {
  if (!external) return;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await client.end();
}
