import type { JsonValue, Message, TurnAccepted } from '#contracts';
import type { Page } from '../http/page.js';
import type { RequestOptions, WriteOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';
import { pathOf, type PageQuery } from './conversations.api.js';

/** A message as someone writes it. `parentId` null makes it a first message; absent, a child of the selected leaf. */
export type NewMessage = {
  role: Message['role'];
  content: string;
  parentId?: string | null;
  projectId?: string | null;
  toolName?: string | null;
  toolCall?: JsonValue;
  toolResult?: JsonValue;
  streamingStatus?: Message['streamingStatus'];
  metadata?: Record<string, JsonValue>;
};

/** A revision: each field that is present replaces. */
export type MessageChanges = Partial<
  Pick<NewMessage, 'content' | 'streamingStatus' | 'toolResult' | 'metadata'>
>;

/** Messages of one conversation, along its selected branch. */
export class MessagesApi {
  constructor(private readonly transport: Transport) {}

  /** Oldest first; `next` is for `after`, `previous` for `before`. `from`: the first page begins at that seq. */
  list(
    conversationId: string,
    query: PageQuery & { from?: number; includeTrashed?: boolean } = {},
    options?: RequestOptions,
  ): Promise<Page<Message>> {
    return this.transport.list(`${pathOf(conversationId)}/messages`, query, options);
  }

  /** Whole, whatever branch it is on and however large its result is. */
  get(conversationId: string, id: string, options?: RequestOptions): Promise<Message> {
    return this.transport.get(this.pathOf(conversationId, id), {}, options);
  }

  post(conversationId: string, message: NewMessage, options?: WriteOptions): Promise<Message> {
    return this.transport.write('POST', `${pathOf(conversationId)}/messages`, message, options);
  }

  edit(
    conversationId: string,
    id: string,
    changes: MessageChanges,
    options?: WriteOptions,
  ): Promise<Message> {
    return this.transport.write('PATCH', this.pathOf(conversationId, id), changes, options);
  }

  remove(conversationId: string, id: string, options?: WriteOptions): Promise<void> {
    return this.transport.write('DELETE', this.pathOf(conversationId, id), undefined, options);
  }

  appendChunk(conversationId: string, id: string, chunk: string, options?: WriteOptions): Promise<Message> {
    return this.transport.write('POST', `${this.pathOf(conversationId, id)}/stream`, { chunk }, options);
  }

  complete(conversationId: string, id: string, content?: string, options?: WriteOptions): Promise<Message> {
    return this.transport.write('POST', `${this.pathOf(conversationId, id)}/complete`, { content }, options);
  }

  /** Has the question before this message answered anew: the new answer is a sibling of the old one. */
  regenerate(
    conversationId: string,
    id: string,
    body: { model?: string } = {},
    options?: WriteOptions,
  ): Promise<TurnAccepted> {
    return this.transport.write('POST', `${this.pathOf(conversationId, id)}/regenerate`, body, options);
  }

  private pathOf(conversationId: string, id: string): string {
    return `${pathOf(conversationId)}/messages/${encodeURIComponent(id)}`;
  }
}
