import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  playRecording,
  recordedFrames,
  recordingScript,
  startScriptedModel,
  type AnswerItem,
  type ScriptedModel,
  type StreamReply,
} from '#assistant';
import { applyDelta, assistantFold, foldMessage } from '#model';
import { ApiClient } from '../../support/api-client.js';
import {
  inParallel,
  readEvents,
  startConversation,
  takeTurn,
  type ApiEvent,
} from '../../support/conversation-probe.js';
import { expectSoundHistory } from '../../support/history-checker.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { createPrng } from '../../support/prng.js';
import { recordedAnswer, recordedNames, sayThatRecordingsAreAbsent } from '../../support/recorded-answers.js';
import { startServer, type TestServer } from '../../support/server.js';

const folder = resolve(import.meta.dirname, '../../../../shared/fixtures/anthropic');
const names = recordedNames();
if (names.length === 0) sayThatRecordingsAreAbsent('recorded streams through the whole path');

/** HTTP model server → SDK → log → fold → read model, for every recorded answer, as it was sent and mutilated. */
(names.length > 0 ? describe : describe.skip)('recorded streams through the whole path', () => {
  const prng = createPrng('recorded streams');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let api: ApiClient;

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({ script: recordingScript(reply), speed: 0 });
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

  /** Plays one recording as a turn; gives how it ended and the first answer, folded here from the rows read back. */
  async function play(prompt: string) {
    const id = await startConversation(api);
    const end = await takeTurn(api, id, prompt);
    const log = await readEvents(api, id);
    expectSoundHistory({ streamId: id, log });
    return { id, end, log, first: firstAnswer(log) };
  }

  async function expectWhole(variant: string, name: string): Promise<void> {
    const { final } = recordedAnswer(name);
    const { id, end, log, first } = await play(`${variant} ${name}`);
    if (final === null) {
      expect([name, end.type]).toEqual([name, expect.stringMatching(/^Turn(Failed|Interrupted)$/)]);
      expect(first.completed).toBeUndefined();
      return;
    }
    expect([name, end.type]).toEqual([name, 'TurnCompleted']);
    expect({ name, message: first.folded }).toEqual({ name, message: final });
    expect({ name, message: first.completed?.data.message }).toEqual({ name, message: final });
    const rows = (await api.get(`/api/conversations/${id}/messages`)).json as Record<string, any>[];
    const row = rows.find(({ id: rowId }) => rowId === first.started?.data.messageId);
    expect({ name, status: row?.streamingStatus, blocks: row?.blocks }).toEqual({
      name,
      status: 'complete',
      blocks: (final as { content: unknown }).content,
    });
    const calls = log.filter(({ type }) => type === 'ToolCallStarted').length;
    expect({ name, tools: rows.filter(({ role }) => role === 'tool').length }).toEqual({
      name,
      tools: calls,
    });
  }

  it(`gives the recorded message for all ${names.length}; the refused ones end as failed turns`, async () => {
    const before = model.received();
    await inParallel(names, 8, (name) => expectWhole('plain', name));
    const refused = names.filter((name) => recordedAnswer(name).final === null);
    process.stderr.write(
      `${names.length} recordings, ${refused.length} refused, ${model.received() - before} model calls\n`,
    );
    expect(refused.length).toBe(2);
  }, 300_000);

  it('gives the same with CRLF', async () => {
    await inParallel(names, 8, (name) => expectWhole('crlf', name));
  }, 300_000);

  it('gives the same in 1-byte chunks', async () => {
    const small = names.filter((name) => readFileSync(join(folder, `${name}.sse`)).length < 12_000);
    const sample = Array.from({ length: 40 }, () => prng.pick(small));
    await inParallel([...new Set(sample)], 8, (name) => expectWhole('bytes', name));
  }, 300_000);

  it.each(['cut', 'error'])(
    'keeps what came before a %s at a random event, and interrupts the turn',
    async (variant) => {
      const schedules = Array.from({ length: 60 }, () => {
        const name = prng.pick(names.filter((candidate) => recordedAnswer(candidate).final !== null));
        const { events } = recordedAnswer(name);
        const stop = events.findIndex(({ type }) => type === 'message_stop');
        return { name, at: prng.between(0, stop === -1 ? events.length : stop) };
      });
      await inParallel(schedules, 8, async ({ name, at }) => {
        const { end, log, first } = await play(`${variant} ${name} ${at}`);
        const sent = recordedAnswer(name).events.slice(0, at);
        const stored = log.filter(({ type }) => type === 'StreamDeltaReceived').map(({ data }) => data);
        expect({ name, at, stored: substance(stored) }).toEqual({ name, at, stored: substance(sent) });
        const begun = substance(sent).length > 0;
        expect({ name, at, end: end.type }).toEqual({
          name,
          at,
          end: begun ? 'TurnInterrupted' : 'TurnFailed',
        });
        expect(first.completed).toBeUndefined();
      });
    },
    300_000,
  );
});

/** A prompt is `<variant> <name>`: how to play which recording. */
function reply(prompt: string): StreamReply {
  const [variant, name = '', at = '0'] = prompt.split(' ');
  const recording = readFileSync(join(folder, `${name}.sse`), 'utf8');
  switch (variant) {
    case 'plain':
      return playRecording(recording);
    case 'crlf':
      return { ...playRecording(recording.replaceAll('\n', '\r\n')) };
    case 'bytes':
      return playRecording(recording, { chunkBytes: 1 });
    case 'cut':
      return { ...playRecording(recording), items: [...firstFrames(recording, Number(at)), { do: 'cut' }] };
    case 'error': {
      const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
      return { ...playRecording(recording), items: [...firstFrames(recording, Number(at)), error] };
    }
    default:
      throw new Error(`unknown variant ${variant}`);
  }
}

/** A ping says nothing, and the SDK keeps it to itself. */
function substance(events: unknown[]): unknown[] {
  return events.filter((event) => (event as { type: string }).type !== 'ping');
}

/** The frames of the first `count` events. */
function firstFrames(recording: string, count: number): AnswerItem[] {
  const frames = recordedFrames(recording).filter((frame) => frame.includes('data:'));
  return frames.slice(0, count).map((text) => ({ do: 'raw', text }));
}

function firstAnswer(log: ApiEvent[]): { started?: ApiEvent; completed?: ApiEvent; folded: unknown } {
  const started = log.find(({ type }) => type === 'AssistantMessageStarted');
  const completed = log.find(
    ({ type, data }) => type === 'AssistantMessageCompleted' && data.messageId === started?.data.messageId,
  );
  const upTo = completed?.seq ?? Infinity;
  const deltas = log.filter(
    ({ type, seq }) => type === 'StreamDeltaReceived' && seq > (started?.seq ?? 0) && seq < upTo,
  );
  const fold = deltas.reduce((state, { data }) => applyDelta(state, data), assistantFold.start());
  return { started, completed, folded: foldMessage(fold) };
}

if (!existsSync(folder)) it('is skipped, as ../shared/fixtures is absent', () => expect(names).toEqual([]));
