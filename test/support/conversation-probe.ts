import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from './api-client.js';

/** An event as the API shows it. */
export type ApiEvent = { seq: number; type: string; at: string; data: Record<string, any>; metadata: object };

const TERMINAL = new Set(['TurnCompleted', 'TurnFailed', 'TurnCancelled', 'TurnInterrupted']);

/** Starts an empty conversation; gives its id. */
export async function startConversation(api: ApiClient, body: object = {}): Promise<string> {
  const answer = await api.post('/api/conversations', body);
  if (answer.status !== 201) throw new Error(`no conversation: ${answer.status} ${answer.text}`);
  return answer.json.id as string;
}

/** Asks for a turn; gives the 202's body. */
export async function requestTurn(
  api: ApiClient,
  conversationId: string,
  prompt: string,
  headers: Record<string, string> = {},
): Promise<{ turnId: string; messageId: string; seq: number; streamUrl: string }> {
  const answer = await api.post(`/api/conversations/${conversationId}/turns`, { prompt }, headers);
  if (answer.status !== 202) throw new Error(`no turn: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** The whole log of a conversation after `after`, page by page. */
export async function readEvents(
  api: ApiClient,
  conversationId: string,
  after = 0,
  types?: string,
): Promise<ApiEvent[]> {
  const events: ApiEvent[] = [];
  for (let cursor = after; ;) {
    const only = types ? `&types=${types}` : '';
    const answer = await api.get(
      `/api/conversations/${conversationId}/events?after=${cursor}&limit=1000${only}`,
    );
    if (answer.status !== 200) throw new Error(`no events: ${answer.status} ${answer.text}`);
    const page = answer.json as ApiEvent[];
    events.push(...page);
    const last = page.at(-1);
    if (!last || page.length < 1000) return events;
    cursor = last.seq;
  }
}

/** Waits for the terminal event of a turn. @throws when it has none in time. */
export async function turnEnd(
  api: ApiClient,
  conversationId: string,
  turnId: string,
  timeoutMs = 30_000,
  everyMs = 25,
): Promise<ApiEvent> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const ends = await readEvents(api, conversationId, 0, [...TERMINAL].join(','));
    const end = ends.find((event) => event.data.turnId === turnId);
    if (end) return end;
    if (Date.now() > until)
      throw new Error(`turn ${turnId} of ${conversationId} has no end after ${timeoutMs} ms`);
    await pause(everyMs);
  }
}

/** A whole turn: asked for, run, ended. */
export async function takeTurn(
  api: ApiClient,
  conversationId: string,
  prompt: string,
  timeoutMs?: number,
): Promise<ApiEvent> {
  const { turnId } = await requestTurn(api, conversationId, prompt);
  return turnEnd(api, conversationId, turnId, timeoutMs);
}

/** Runs `work` over `items`, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
