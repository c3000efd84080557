import 'reflect-metadata';
import { collectEarly, loadConfig, startTracing } from '#platform';
import { startApi } from './bootstrap/api-process.js';
import { startCombined } from './bootstrap/combined-process.js';
import { failStart } from '../../worker/src/process/start-failure.js';
import { stopOnSignal } from '../../worker/src/process/stop-on-signal.js';

/** A stop must fit into the time that a supervisor gives before it kills. */
const STOP_MS = 10_000;

collectEarly();
try {
  const config = loadConfig();
  const sendLastSpans = await startTracing(config);
  const start = (signal: AbortSignal) =>
    config.role === 'api' ? startApi(config, signal) : startCombined(config);
  await stopOnSignal(start, STOP_MS);
  await sendLastSpans();
  process.exit(0);
} catch (error) {
  failStart(error);
}
