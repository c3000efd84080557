import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { createTestDatabase } from '../../support/postgres.js';
import { startPostgresProxy } from '../../support/postgres-proxy.js';

jest.setTimeout(60_000);

/** In a process of its own, because what it tests for is a process that never yields again. */
it('a worker whose first connection is lost does not freeze its process, and works once it has one', async () => {
  const database = await createTestDatabase();
  const proxy = await startPostgresProxy(database.url);
  const child = fork(join(projectRoot(), 'test', 'support', 'job-worker-child.mjs'), [proxy.url]);
  const heard: unknown[] = [];
  child.on('message', (message) => heard.push(message));
  const hears = async (wanted: string): Promise<void> => {
    while (!heard.includes(wanted)) await once(child, 'message', { signal: AbortSignal.timeout(20_000) });
  };
  try {
    await hears('ready');
    proxy.down();
    child.send('work');
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.send('ping');
    await hears('pong');
    proxy.up();
    child.send('offer');
    await hears('handled one');
    child.send('stop');
    const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(20_000) })) as [number];
    expect(code).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await proxy.close();
    await database.drop();
  }
});
