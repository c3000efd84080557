import 'reflect-metadata';
import { collectEarly, loadConfig, startTracing } from '#platform';
import { failStart } from './process/start-failure.js';
import { stopOnSignal } from './process/stop-on-signal.js';
import { startWorker } from './worker-process.js';

/** What a stop takes beyond the drain: interrupting what is left, and closing connections. */
const EXTRA_STOP_MS = 10_000;

collectEarly();
try {
  const config = loadConfig({ ...process.env, CHATLOG_ROLE: 'worker' });
  const sendLastSpans = await startTracing(config);
  await stopOnSignal((signal) => startWorker(config, signal), config.drainMs + EXTRA_STOP_MS);
  await sendLastSpans();
  process.exit(0);
} catch (error) {
  failStart(error);
}
