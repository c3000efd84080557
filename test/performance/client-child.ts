/** The people of the turns and readers benchmarks: they ask for turns, follow them over SSE, and note when each delta came. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { serveParent } from './child-process.js';
import { Latencies, type LatencyFigures } from './latencies.js';
import type { BenchPrompt } from './model-child.js';
import { microseconds, stampIn } from './wall-clock.js';

export type Crowd = { url: string; turns: number; perSecond: number; turnSeconds: number };
export type Delivered = LatencyFigures & { turnsEnded: number; open: number };
export type ClientMethods = {
  /** As many turns as that from now on: where one ends, the next begins, in a conversation of its own. */
  start: (crowd: Crowd) => Promise<void>;
  /** So many more readers of each conversation that is open now. */
  follow: (readers: number) => Promise<void>;
  take: () => Delivered;
  /** Begins no more turns; resolves when the last has ended. */
  stop: () => Promise<void>;
};

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const latencies = new Latencies();
const conversations = new Set<string>();
const slots: Promise<void>[] = [];
let [url, stopping, turnsEnded, open] = ['', false, 0, 0];

function ask(method: string, path: string, body?: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    httpRequest(`${url}${path}`, { method, agent, headers })
      .once('response', resolve)
      .once('error', reject)
      .end(body && JSON.stringify(body));
  });
}

async function post<T>(path: string, body: object): Promise<T> {
  const response = await ask('POST', path, body);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  if ((response.statusCode ?? 0) >= 300) throw new Error(`${path}: ${response.statusCode} ${text}`);
  return JSON.parse(text) as T;
}

/** Follows a conversation from its beginning; `ended` resolves with its turn's terminal event. @throws where a seq is missing or comes twice */
async function follow(id: string): Promise<{ ended: Promise<string> }> {
  const response = await ask('GET', `/api/conversations/${id}/stream?after=0`);
  if (response.statusCode !== 200) throw new Error(`no stream: ${response.statusCode}`);
  open += 1;
  return { ended: read(response).finally(() => (open -= 1)) };
}

async function read(response: IncomingMessage): Promise<string> {
  let [rest, seq] = ['', 0];
  for await (const chunk of response.setEncoding('utf8')) {
    const now = microseconds();
    rest += chunk as string;
    let from = 0;
    for (let end = rest.indexOf('\n\n'); end !== -1; from = end + 2, end = rest.indexOf('\n\n', from)) {
      if (!rest.startsWith('id: ', from)) continue;
      const frame = rest.slice(from, end);
      const [, id, type] = /^id: (\d+)\nevent: (\w+)/.exec(frame)!;
      if (Number(id) !== (seq += 1)) throw new Error(`seq ${id} came after ${seq - 1}`);
      const stamp = type === 'StreamDeltaReceived' ? stampIn(frame) : null;
      if (stamp !== null) latencies.add(now - stamp);
      if (/^Turn(Completed|Failed|Cancelled|Interrupted)$/.test(type!)) {
        response.destroy();
        return type!;
      }
    }
    rest = rest.slice(from);
  }
  throw new Error('the server ended a stream');
}

async function takeTurn(prompt: BenchPrompt): Promise<void> {
  const { id } = await post<{ id: string }>('/api/conversations', {});
  const { ended } = await follow(id);
  // whoever asks for the turn may fail first
  ended.catch(() => undefined);
  conversations.add(id);
  await post(`/api/conversations/${id}/turns`, { prompt: JSON.stringify(prompt) });
  const end = await ended;
  conversations.delete(id);
  if (end !== 'TurnCompleted') throw new Error(`a turn ended with ${end}`);
  turnsEnded += 1;
}

const goesOn = (): boolean => !stopping;

const methods: ClientMethods = {
  start: async (crowd) => {
    url = crowd.url;
    stopping = false;
    const { perSecond, turnSeconds, turns } = crowd;
    const slot = async (n: number) => {
      // begun over a second, and first turns of many lengths, so that not all end at once
      await pause((n / turns) * 1_000);
      for (let share = (n + 1) / turns; goesOn(); share = 1)
        await takeTurn({ deltas: Math.ceil(turnSeconds * perSecond * share), perSecond });
    };
    for (let n = 0; n < turns; n += 1) slots.push(slot(n));
    // told by `stop`; an end before it is told at once
    Promise.all(slots).catch((error: Error) => console.error(error.stack));
  },
  follow: async (readers) => {
    for (const id of conversations)
      for (let n = 0; n < readers; n += 1) {
        const { ended } = await follow(id);
        ended.catch(() => undefined);
      }
  },
  take: () => {
    const ended = turnsEnded;
    turnsEnded = 0;
    return { ...latencies.take(), turnsEnded: ended, open };
  },
  stop: async () => {
    stopping = true;
    await Promise.all(slots.splice(0));
  },
};
serveParent(methods);
