import { ApiClient } from '../../support/api-client.js';
import { requestTurn, startConversation, turnEnd } from '../../support/conversation-probe.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../../support/otlp-receiver.js';
import { startServer } from '../../support/server.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

let mode: TestMode;
let receiver: OtlpReceiver;

beforeAll(async () => {
  mode = await startMode();
  receiver = await startOtlpReceiver();
});

afterAll(async () => {
  await receiver?.close();
  await mode?.stop();
});

const traceId = '0af7651916cd43dd8448eb211c80319c';

it('follows one request through its command, its commit and its turn to the projection, in two processes', async () => {
  const env = { ...mode.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
  const worker = await startServer({ role: 'worker', env });
  // what the command leaves behind is projected by the worker
  const server = await startServer({ role: 'api', env: { ...env, CHATLOG_PROJECT_IN_PLACE_MS: '0' } });
  const api = new ApiClient(server.url);
  const id = await startConversation(api);
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const { turnId } = await requestTurn(api, id, 'go', { traceparent });
  await turnEnd(api, id, turnId);
  const projects = ({ name, attributes }: ReceivedSpan) =>
    name === 'project' && attributes['chatlog.stream_id'] === id;
  await until(() => ofTrace().some(projects) && ofTrace().some(({ name }) => name === 'turn'));
  await Promise.all([server.stop(), worker.stop()]);

  const spans = ofTrace();
  const one = (name: string, parent?: ReceivedSpan) => {
    const found = spans.find(
      (span) => span.name === name && (!parent || span.parentSpanId === parent.spanId),
    );
    if (!found) throw new Error(`no ${name} below ${parent?.name}: ${spans.map((span) => span.name).join()}`);
    return found;
  };
  const request = one('POST /api/conversations/:id/turns');
  expect(request.parentSpanId).toBe('b7ad6b7169203331');
  expect(Number(request.attributes['http.response.status_code'])).toBe(202);
  const append = one('append', one('command requestTurn', request));
  const turn = one('turn', one('command requestTurn'));
  one('model call', turn);
  one('append', turn);
  // a group commit serves many: it is no part of any, and points at each
  const flush = receiver.spans.find(
    ({ name, links }) => name === 'flush' && links.some(({ spanId }) => spanId === append.spanId),
  );
  expect(flush?.parentSpanId ?? '').toBe('');
  expect(flush?.traceId).not.toBe(traceId);
  // deltas are counted, and have no spans
  expect(spans.length).toBeLessThan(100);
});

it('keeps traces out of the log', async () => {
  const server = await startServer({ role: 'api', env: mode.env });
  const api = new ApiClient(server.url);
  const [conversation] = (await api.get('/api/conversations')).json as { id: string }[];
  expect((await api.get(`/api/conversations/${conversation?.id}/events?limit=1000`)).text).not.toContain(
    traceId,
  );
  await server.stop();
});

function ofTrace(): ReceivedSpan[] {
  return receiver.spans.filter((span) => span.traceId === traceId);
}
