import type { LogEvent } from '#contracts';
import { ChatLogClient, type LiveConversation } from '#client';
import { terminalEventTypes } from '#model';
import { until } from './until.js';

const clients = new Set<ChatLogClient>();

/** A client that `closeClients` ends: one that a failed test leaves behind would come back for ever. */
export function openClient(baseUrl: string): ChatLogClient {
  const client = new ChatLogClient({ baseUrl });
  clients.add(client);
  return client;
}

export function closeClients(): void {
  for (const client of clients) client.close();
  clients.clear();
}

/** A page of a browser that shows one conversation. */
export type OpenPage = { client: ChatLogClient; live: LiveConversation; close(): void };

export function openPage(url: string, conversationId: string): OpenPage {
  const client = openClient(url);
  const live = client.live.get(conversationId);
  const release = client.live.hold(live);
  return {
    client,
    live,
    close: () => {
      release();
      client.close();
    },
  };
}

/** Waits until the page shows what is in the log up to a seq. */
export async function shows(page: OpenPage, seq: number): Promise<void> {
  await until(() => page.live.getSnapshot().status === 'ready' && page.live.getSnapshot().seq >= seq);
}

/** What a page shows is, to the letter, what the server says that the conversation was at that seq. */
export async function expectExact(page: OpenPage, through: ChatLogClient): Promise<number> {
  const { seq, messages, conversation } = page.live.getSnapshot();
  const state = await through.moments.state(page.live.id, { at: seq, limit: 1_000 });
  expect({ seq, messages }).toEqual({ seq, messages: state.messages.slice(-messages.length) });
  expect({ ...conversation, seq }).toEqual(state.conversation);
  return seq;
}

/** The whole log of a conversation. */
export async function wholeLog(client: ChatLogClient, conversationId: string): Promise<LogEvent[]> {
  const all: LogEvent[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: { items: LogEvent[]; next?: string } = await client.moments.events(conversationId, {
      after,
      limit: 1_000,
    });
    all.push(...page.items);
    after = page.next === undefined ? undefined : Number(page.next);
  }
  return all;
}

const isEnd = ({ type }: LogEvent): boolean => terminalEventTypes.some((terminal) => terminal === type);

/** The seq of the terminal event of the newest turn, once there is one. */
export async function untilTurnEnds(client: ChatLogClient, conversationId: string): Promise<number> {
  for (;;) {
    const log = await wholeLog(client, conversationId);
    const end = log.findLast(isEnd);
    const asked = log.findLast(({ type }) => type === 'TurnRequested');
    if (end && asked && end.seq > asked.seq) return end.seq;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
