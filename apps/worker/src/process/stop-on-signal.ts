import { once } from 'node:events';
import type { Running } from './running.js';

/** A Ctrl-C comes twice under npm: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a process until SIGTERM or SIGINT, then stops it within `stopMs`. A second signal ends it at once. A start is told
 * by its signal that it may give up; it is stopped as soon as it is done.
 */
export async function stopOnSignal(
  start: (signal: AbortSignal) => Promise<Running>,
  stopMs: number,
): Promise<void> {
  const told = new AbortController();
  let toldAt = 0;
  const onSignal = (): void => {
    if (told.signal.aborted && performance.now() - toldAt > SAME_SIGNAL_MS) process.exit(130);
    toldAt ||= performance.now();
    told.abort();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  const running = await start(told.signal);
  for (const line of running.banner) process.stdout.write(`${line}\n`);
  if (!told.signal.aborted) await once(told.signal, 'abort');
  const late = setTimeout(() => {
    process.stderr.write(`not stopped after ${stopMs / 1_000} s: ending anyway\n`);
    process.exit(1);
  }, stopMs);
  await running.stop();
  clearTimeout(late);
}
