import { canonicalJson } from '#model';
import {
  answerWith,
  hasToolResult,
  rebuildRequest,
  startScriptedModel,
  type ScriptedModel,
} from '#assistant';
import { EventLog } from '#event-log';
import { ApiClient } from '../../support/api-client.js';
import { inParallel, readEvents, startConversation, takeTurn } from '../../support/conversation-probe.js';
import { drillSize } from '../../support/drill-size.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer, type TestServer } from '../../support/server.js';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.js';

const MESSAGES = drillSize(4_000, 12_000);

/** A very long conversation takes turns with tool calls. */
describe(`a conversation of ${MESSAGES} messages`, () => {
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let api: ApiClient;
  let probe: ServiceProcess;

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({
      speed: 0,
      script: (request) =>
        hasToolResult(request)
          ? answerWith([{ text: 'Both clocks agree.' }])
          : answerWith([
              { text: 'Looking.' },
              { tool: 'Clock', input: {} },
              { tool: 'Clock', input: { timeZone: 'Asia/Tokyo' } },
            ]),
    });
    server = await startServer({
      env: { ...mode.env, ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url, LOG_LEVEL: 'error' },
    });
    api = new ApiClient(server.url);
    probe = await startServiceProcess(mode.databaseUrl);
  }, 90_000);
  afterAll(async () => {
    await probe?.close();
    await server?.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it('the requests that the model received equal those rebuilt from the log by ModelRequested, tool results included', async () => {
    const id = await startConversation(api);
    // an earlier turn, so that tool results are far behind; then the long middle; then one more, so that they are near
    await takeTurn(api, id, 'What time is it?');
    const batches = Array.from({ length: MESSAGES / 100 }, (_, batch) => batch);
    await inParallel(batches, 1, async (batch) => {
      const commands = Array.from({ length: 100 }, (_, n) => ({
        commandId: `m-${batch}-${n}`,
        type: 'postMessage',
        data: {
          conversationId: id,
          role: n % 2 === 0 ? 'user' : 'assistant',
          content: `message ${batch * 100 + n}: ${'lorem ipsum '.repeat((batch + n) % 40)}`,
        },
      }));
      const answer = await api.post('/api/commands', commands);
      expect(answer.json.map(({ status }: { status: number }) => status)).toEqual(commands.map(() => 201));
    });
    await takeTurn(api, id, 'And now?');
    await takeTurn(api, id, 'And the last time?');

    const requested = await readEvents(api, id, 0, 'ModelRequested');
    expect(requested).toHaveLength(6);
    expect(model.requests).toHaveLength(6);
    for (const [n, event] of requested.entries()) {
      const rebuilt = await rebuildRequest(probe.app.get(EventLog, { strict: false }), id, event);
      const received = model.requests[n]?.body as Record<string, unknown>;
      expect(rebuilt.sha256).toBe(event.data.sha256);
      // how it is transported is no part of it
      const { stream: _stream, ...body } = received;
      const { stream: _ours, ...ours } = rebuilt.request as Record<string, unknown>;
      expect(canonicalJson(body)).toBe(canonicalJson(ours));
    }
    const last = model.requests.at(-1)?.body;
    const results = last?.messages.flatMap(({ content }) =>
      Array.isArray(content) ? content.filter(({ type }) => type === 'tool_result') : [],
    );
    expect(results?.length).toBeGreaterThanOrEqual(4);
    process.stderr.write(`the last request has ${last?.messages.length} messages of ${MESSAGES + 12}\n`);
  }, 240_000);
});
