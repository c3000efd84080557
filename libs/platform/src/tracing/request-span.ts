import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, trace } from '@opentelemetry/api';

/** The span of one HTTP request, from its first byte to the end of its answer, below the caller's where it names one. */
export class RequestSpan {
  private readonly span: Span;
  private readonly place: ReturnType<typeof context.active>;

  constructor(method: string, headers: Record<string, unknown>, requestId: string) {
    const parent = propagation.extract(ROOT_CONTEXT, headers);
    const attributes = { 'http.request.method': method, 'chatlog.request_id': requestId };
    this.span = trace
      .getTracer('lol-chat-log')
      .startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    this.place = trace.setSpan(parent, this.span);
  }

  /** Runs what belongs to the request. */
  run<T>(work: () => T): T {
    return context.with(this.place, work);
  }

  end(method: string, route: string, status: number): void {
    this.span.updateName(`${method} ${route}`);
    this.span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
    if (status >= 500) this.span.setStatus({ code: 2 });
    this.span.end();
  }
}
