import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#platform';

export type BenchServer = { url: string; stop(): Promise<void> };

/**
 * Gives `work` an embedded server of its own, or BENCH_DATABASE_URL (an empty database), and stops it in any case: it outlives
 * this process unless it is stopped, and then everything that is on its way fails.
 */
export async function withServer(work: (url: string) => Promise<void>): Promise<void> {
  const starting = startServer();
  const stop = () => {
    process.on('uncaughtException', () => undefined);
    void starting.then((server) => server.stop()).finally(() => process.exit(130));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const server = await starting;
  try {
    await work(server.url);
  } finally {
    await server.stop();
  }
}

async function startServer(): Promise<BenchServer> {
  const url = process.env.BENCH_DATABASE_URL;
  if (url) return { url, stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-bench-'));
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let stopped: Promise<void> | undefined;
  return { url: server.url, stop: () => (stopped ??= stop()) };
}
