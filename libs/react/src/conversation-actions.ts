import type { QueryClient } from '@tanstack/react-query';
import type { Message } from '#contracts';
import { insist, type ChatLogClient, type LiveConversation } from '#client';
import { refreshLists, showInLists } from './conversation-lists.js';
import { siblingOf } from './sibling-of.js';
import { stopTurn } from './stop-turn.js';
import type { SendOptions, UseConversationResult } from './use-conversation.types.js';

export type ActionPorts = {
  client: ChatLogClient;
  queryClient: QueryClient;
  /** The active one. */
  live: LiveConversation | null;
  projectId: string | null;
  /** Makes another one active. */
  open: (conversationId: string | null) => void;
};

type Actions = Omit<
  UseConversationResult,
  'conversation' | 'conversationId' | 'loading' | 'error' | 'turn' | 'isStreaming' | 'connection'
>;

/** What can be done with the active conversation. What it changes is shown when the stream tells of it. */
export function conversationActions({ client, queryClient, live, projectId, open }: ActionPorts): Actions {
  const { conversations, messages, outbox } = client;
  const activeId = (): string => {
    if (!live) throw new Error('There is no active conversation.');
    return live.id;
  };
  const send = async (prompt: string, { parentId, model }: SendOptions = {}): Promise<void> => {
    const destination = { conversationId: live?.id ?? null, projectId };
    const { conversationId } = await outbox.send(destination, { prompt, parentId, model });
    if (!live) open(conversationId);
  };
  const trash = async (id: string): Promise<void> => {
    await insist((once) => conversations.trash(id, once));
    await refreshLists(queryClient);
  };

  return {
    send,
    openConversation: open,
    async createConversation(title) {
      const started = await insist((once) => conversations.create({ projectId, title }, once));
      showInLists(queryClient, started);
      open(started.id);
      return started;
    },
    async deleteConversation(id = activeId()) {
      await trash(id);
      if (id !== live?.id) return;
      open(null);
      await queryClient.invalidateQueries({ queryKey: ['chatlog', 'newest', projectId] });
    },
    async refreshConversation() {
      await live?.refresh();
    },
    async stop() {
      await stopTurn(client, live);
    },
    async edit(messageId, prompt) {
      const message = live?.message(messageId) ?? (await messages.get(activeId(), messageId));
      await send(prompt, { parentId: message.parentId });
    },
    async regenerate(messageId, options = {}) {
      await insist((once) => messages.regenerate(activeId(), messageId, options, once));
    },
    async fork(options = {}) {
      const forked = await insist((once) => conversations.fork(activeId(), options, once));
      await refreshLists(queryClient);
      return forked;
    },
    async rename(title) {
      showInLists(queryClient, await insist((once) => conversations.rename(activeId(), title, once)));
    },
    async archive(archived = true) {
      showInLists(queryClient, await insist((once) => conversations.archive(activeId(), archived, once)));
    },
    trash: async () => trash(activeId()),
    async restore() {
      await insist((once) => conversations.restore(activeId(), once));
      await refreshLists(queryClient);
    },
    async selectSibling(message: Message, step: number) {
      const leafId = await siblingOf(client, activeId(), message, step);
      if (leafId !== null) await insist((once) => conversations.selectBranch(activeId(), leafId, once));
    },
  };
}
