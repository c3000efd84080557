import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { releaseName } from '../release.js';

const LAST_SPANS_MS = 1_000;

/**
 * Loaded only where traces are exported. Batches over OTLP/HTTP as JSON; what is sampled, how it is batched, and the headers
 * that a collector asks for, come from the usual `OTEL_…` variables.
 */
export function exportSpans(url: string, role: string): () => Promise<void> {
  const logger = new Logger('Tracing');
  const say = (message: string, ...more: unknown[]) => logger.warn([message, ...more].join(' '));
  diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, DiagLogLevel.ERROR);
  const about = { 'service.name': `lol-chat-log-${role}`, 'service.version': releaseName() };
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes(about))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  return async () => {
    const late = pause(LAST_SPANS_MS, undefined, { ref: false });
    const ended = provider.shutdown().catch((error: Error) => say('the last spans are lost:', error.message));
    await Promise.race([ended, late]);
  };
}
