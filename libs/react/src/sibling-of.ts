import type { LogEvent, Message } from '#contracts';
import { ChatLogError, type ChatLogClient } from '#client';

/** Events that make a message, or take one away. */
const types = ['MessagePosted', 'AssistantMessageStarted', 'ToolCallStarted', 'MessageRemoved'];
const PAGE = 1_000;

type Made = { id: string; parentId: string | null };

/** What was made after a seq, oldest first, without what was removed. */
async function madeAfter(client: ChatLogClient, conversationId: string, seq: number): Promise<Made[]> {
  const made = new Map<string, Made>();
  for (let after: number | undefined = seq; after !== undefined;) {
    const page: { items: LogEvent[]; next?: string } = await client.moments.events(conversationId, {
      after,
      limit: PAGE,
      types,
    });
    for (const { type, data } of page.items) {
      const { messageId, parentId } = data as { messageId: string; parentId: string | null };
      if (type === 'MessageRemoved') made.delete(messageId);
      else made.set(messageId, { id: messageId, parentId });
    }
    after = page.next === undefined ? undefined : Number(page.next);
  }
  return [...made.values()];
}

/** The newest message that follows from one: later ones stand later in the list. */
function newestUnder(id: string, made: readonly Made[]): string {
  const family = new Set([id]);
  let newest = id;
  for (const { id: child, parentId } of made) {
    if (parentId === null || !family.has(parentId)) continue;
    family.add(child);
    newest = child;
  }
  return newest;
}

/** A message is older than what follows it. One that was removed tells no seq: then all is read. */
async function seqOf(client: ChatLogClient, conversationId: string, id: string | null): Promise<number> {
  if (id === null) return 0;
  try {
    return (await client.messages.get(conversationId, id)).seq;
  } catch (error) {
    if (error instanceof ChatLogError && error.status === 404) return 0;
    throw error;
  }
}

/** Where the branch ends that the sibling so many places on begins; null where there is none. */
export async function siblingOf(
  client: ChatLogClient,
  conversationId: string,
  { parentId, siblings }: Message,
  step: number,
): Promise<string | null> {
  const made = await madeAfter(client, conversationId, await seqOf(client, conversationId, parentId));
  const sibling = made.filter((message) => message.parentId === parentId)[siblings.index + step];
  return sibling ? newestUnder(sibling.id, made) : null;
}
