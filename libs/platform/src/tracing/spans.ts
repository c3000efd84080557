import { type Attributes, type Span, SpanStatusCode, type SpanOptions, trace } from '@opentelemetry/api';

/** A span that is not here, to be pointed at. */
export type SpanPlace = { traceId: string; spanId: string };

const tracer = trace.getTracer('lol-chat-log');

/**
 * Runs work in a span of its own, below the span of whoever calls; what the work throws marks it, and is thrown on. Where no
 * traces are exported this is the bare call.
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  options: SpanOptions = {},
): Promise<T> {
  return tracer.startActiveSpan(name, { ...options, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Says on the span what went wrong. */
export function markFailed(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  if (error instanceof Error) span.recordException(error);
}

/** Where the span of the calling work is; undefined where nothing is traced. */
export function activeSpan(): SpanPlace | undefined {
  return trace.getActiveSpan()?.spanContext();
}

/** A span without a parent, for work that serves the spans named: it points at each of them. */
export function inLinkedSpan<T>(
  name: string,
  attributes: Attributes,
  served: readonly SpanPlace[],
  work: () => Promise<T>,
): Promise<T> {
  if (served.length === 0) return work();
  const links = served.map((place) => ({ context: { ...place, traceFlags: 1 } }));
  return inSpan(name, attributes, work, { root: true, links });
}
