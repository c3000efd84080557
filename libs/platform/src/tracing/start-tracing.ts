import type { Config } from '../config.js';

/**
 * Exports spans to `config.tracesUrl`; without one nothing of the tracing SDK is even loaded, and every span in the code is a
 * bare call. Gives what sends the last spans, within a second: a collector that is away holds up no stop.
 */
export async function startTracing(config: Pick<Config, 'tracesUrl' | 'role'>): Promise<() => Promise<void>> {
  if (config.tracesUrl === undefined) return async () => undefined;
  const { exportSpans } = await import('./export-spans.js');
  return exportSpans(config.tracesUrl, config.role);
}
