import type { Message } from '#contracts';
import type { ChatLogClient } from '../chat-log-client.js';

/** Where older messages go on: before a page of a state, or before one of the message list. */
export type PageStart = { list: 'state'; at: number; before: string } | { list: 'messages'; before: string };

/** A part of the selected branch, oldest first; `start` is null where nothing stands before it. */
export type OlderPage = { messages: Message[]; start: PageStart | null };

export type PageRequest = { limit: number; signal: AbortSignal };

/** The page that ends where `start` says. */
export async function loadBefore(
  client: ChatLogClient,
  conversationId: string,
  start: PageStart,
  { limit, signal }: PageRequest,
): Promise<OlderPage> {
  const { before } = start;
  if (start.list === 'state') {
    const { at } = start;
    const page = await client.moments.state(conversationId, { at, before, limit }, { signal });
    const { messages, previous } = page;
    return { messages, start: previous === undefined ? null : { list: 'state', at, before: previous } };
  }
  const query = { before, limit, includeTrashed: true };
  const { items, previous } = await client.messages.list(conversationId, query, { signal });
  return { messages: items, start: previous === undefined ? null : { list: 'messages', before: previous } };
}

/** The messages from a seq on, and a page of those before them. `next` is absent where they are the newest. */
export async function loadAround(
  client: ChatLogClient,
  conversationId: string,
  { seq, limit, signal }: PageRequest & { seq: number },
): Promise<OlderPage & { next?: string }> {
  const query = { from: seq, limit, includeTrashed: true };
  const { items, next, previous } = await client.messages.list(conversationId, query, { signal });
  if (previous === undefined) return { messages: items, start: null, next };
  const start = { list: 'messages', before: previous } as const;
  const older = await loadBefore(client, conversationId, start, { limit, signal });
  return { messages: [...older.messages, ...items], start: older.start, next };
}
