/** The model server of the turns and readers benchmarks: the scripted model, with answers that say when each delta was written. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  answerEvents,
  startScriptedModel,
  type AnswerItem,
  type ScriptedRequest,
  type StreamEvent,
} from '#assistant';
import { serveParent } from './child-process.js';
import { stampedText } from './wall-clock.js';

/** What a prompt asks for. */
export type BenchPrompt = { deltas: number; perSecond: number };
export type ModelMethods = { start: () => Promise<string>; takeWritten: () => number };

let written = 0;

async function* answer({ deltas, perSecond }: BenchPrompt): AsyncGenerator<AnswerItem> {
  const [before, after] = frames();
  yield* before;
  const began = performance.now();
  for (let n = 1; n <= deltas; n += 1) {
    const wait = began + (n * 1_000) / perSecond - performance.now();
    if (wait > 0) await pause(wait);
    written += 1;
    yield raw({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: stampedText() },
    });
  }
  yield* after;
}

/** What comes before and after the deltas of an answer. */
function frames(): [AnswerItem[], AnswerItem[]] {
  const events = answerEvents([{ text: '-' }]);
  const at = events.findIndex(({ type }) => type === 'content_block_delta');
  return [events.slice(0, at), events.slice(at + 1)];
}

const raw = (event: StreamEvent): AnswerItem => ({
  do: 'raw',
  text: `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
});

function promptOf({ messages }: ScriptedRequest): BenchPrompt {
  const content = messages.at(-1)!.content;
  const text = typeof content === 'string' ? content : String(content.at(-1)!.text);
  return JSON.parse(text) as BenchPrompt;
}

const script = (request: ScriptedRequest) => ({
  kind: 'stream' as const,
  items: answer(promptOf(request)),
});

const methods: ModelMethods = {
  start: async () => {
    return (await startScriptedModel({ speed: 0, remember: 1, script })).url;
  },
  takeWritten: () => {
    const count = written;
    written = 0;
    return count;
  },
};
serveParent(methods);
