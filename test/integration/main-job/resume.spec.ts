import { EventSource as NpmEventSource } from 'eventsource';
import { EventSource as UndiciEventSource } from 'undici';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import { eventSchemas } from '#model';
import { ApiClient } from '../../support/api-client.js';
import { requestTurn, startConversation, turnEnd } from '../../support/conversation-probe.js';
import { startCuttingProxy } from '../../support/cutting-proxy.js';
import { expectSoundHistory } from '../../support/history-checker.js';
import { longAnswer } from '../../support/long-answer.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { createPrng } from '../../support/prng.js';
import { startServer, type TestServer } from '../../support/server.js';
import { parseFrame } from '../../support/sse-client.js';

const DELTAS = 600;

/** A client loses its connection again and again while an answer streams, and ends with the bytes of one that never did. */
describe('a cut stream goes on where it stopped', () => {
  const prng = createPrng('resume');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let api: ApiClient;

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({ script: () => longAnswer(DELTAS, 100) });
    server = await startServer({
      env: { ...mode.env, ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url, LOG_LEVEL: 'warn' },
    });
    api = new ApiClient(server.url);
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it('400 cuts over the bare protocol, at any byte: 0 lost, 0 repeated, bytes equal', async () => {
    let cuts = 0;
    const reader = async (): Promise<void> => {
      const id = await startConversation(api);
      const { turnId } = await requestTurn(api, id, 'count');
      const seen = await readWithCuts(
        id,
        20,
        () => prng.between(1, 8_000),
        () => (cuts += 1),
      );
      await turnEnd(api, id, turnId);
      await expectSame(id, seen);
    };
    await Promise.all(Array.from({ length: 20 }, reader));
    process.stderr.write(`${cuts} cuts over the bare protocol\n`);
    expect(cuts).toBe(400);
  }, 240_000);

  it.each([
    ['eventsource', NpmEventSource],
    ['undici', UndiciEventSource],
  ])(
    '50 cuts under the stock EventSource of %s',
    async (name, Client) => {
      const readers = 10;
      const budgets = Array.from({ length: readers }, () => 5);
      let cuts = 0;
      const reader = async (n: number): Promise<void> => {
        const proxy = await startCuttingProxy(server.url, () =>
          (budgets[n] ?? 0) > 0 ? prng.between(300, 6_000) : Infinity,
        );
        try {
          const id = await startConversation(api);
          await requestTurn(api, id, 'count');
          const frames = await new Promise<string[]>((resolve, reject) => {
            const source = new Client(`${proxy.url}/api/conversations/${id}/stream?after=0`);
            const got: string[] = [];
            source.addEventListener('error', () => {
              // `error` without a cut would be a defect; the count below says how many there were
              if ((budgets[n] ?? 0) > 0) budgets[n] = (budgets[n] ?? 0) - 1;
            });
            for (const type of Object.keys(eventSchemas)) {
              source.addEventListener(type, (event) => {
                const { lastEventId, data } = event as unknown as { lastEventId: string; data: string };
                got.push(`id: ${lastEventId}\nevent: ${type}\ndata: ${data}`);
                if (!type.startsWith('Turn') || type === 'TurnRequested' || type === 'TurnStarted') return;
                source.close();
                resolve(got);
              });
            }
            setTimeout(() => reject(new Error(`no end; ${got.length} frames`)), 120_000).unref();
          });
          cuts += proxy.cuts();
          await expectSame(id, frames);
        } finally {
          await proxy.close();
        }
      };
      await Promise.all(Array.from({ length: readers }, (_, n) => reader(n)));
      process.stderr.write(`${cuts} cuts under the EventSource of ${name}\n`);
      expect(cuts).toBeGreaterThanOrEqual(50);
    },
    240_000,
  );

  /** The event frames that a client with so many cuts saw, whole frames only, until the turn's end. */
  async function readWithCuts(
    id: string,
    cuts: number,
    bytes: () => number,
    onCut: () => void,
  ): Promise<string[]> {
    const frames: string[] = [];
    let lastId = '0';
    for (let left = cuts; ; left--) {
      const response = await api.open({
        path: `/api/conversations/${id}/stream`,
        headers: { 'last-event-id': lastId },
      });
      let budget = left > 0 ? bytes() : Infinity;
      let rest = Buffer.alloc(0);
      let ended = false;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        rest = Buffer.concat([rest, chunk.subarray(0, Math.min(budget, chunk.length))]);
        budget -= chunk.length;
        for (let at = rest.indexOf('\n\n'); at !== -1; at = rest.indexOf('\n\n')) {
          const frame = parseFrame(rest.subarray(0, at).toString('utf8'));
          rest = rest.subarray(at + 2);
          if (frame.id === null) continue;
          frames.push(frame.raw);
          lastId = frame.id;
          ended = /^Turn(Completed|Failed|Cancelled|Interrupted)$/.test(frame.event ?? '');
        }
        if (budget <= 0 || ended) break;
      }
      response.destroy();
      if (left > 0) onCut();
      // a client that lost its connection after the end would ask for what comes next: it has all
      if (left <= 0) return frames;
    }
  }

  async function expectSame(id: string, seen: string[]): Promise<void> {
    const whole = await readWithCuts(
      id,
      0,
      () => Infinity,
      () => undefined,
    );
    expect(seen).toEqual(whole.slice(0, seen.length));
    expect(seen.length).toBe(whole.length);
    const events = whole.map((frame) => JSON.parse(parseFrame(frame).data));
    expect(events.filter(({ type }) => type === 'StreamDeltaReceived')).toHaveLength(DELTAS + 5);
    expectSoundHistory({
      streamId: id,
      log: events,
      reads: [{ client: 'cut', after: 0, events: seen.map((frame) => JSON.parse(parseFrame(frame).data)) }],
    });
  }
});
