import { browserEnvironment } from './environment/browser-environment.js';
import type { Environment } from './environment/environment.js';
import { Transport } from './http/transport.js';
import { LiveConversations } from './live/live-conversations.js';
import { Outbox } from './outbox/outbox.js';
import { AdminApi } from './resources/admin.api.js';
import { ConversationsApi } from './resources/conversations.api.js';
import { MessagesApi } from './resources/messages.api.js';
import { MomentsApi } from './resources/moments.api.js';
import { ProjectsApi } from './resources/projects.api.js';
import { SearchApi } from './resources/search.api.js';
import { TurnsApi } from './resources/turns.api.js';
import { BoundedStorage } from './storage/bounded-storage.js';
import { ConversationMemory } from './storage/conversation-memory.js';
import { Drafts } from './storage/drafts.js';
import { EventFeed } from './stream/event-feed.js';
import { openSource } from './stream/open-source.js';
import type { StreamHandle, StreamOptions } from './stream/stream-options.js';

export type ChatLogClientOptions = {
  /** Where the service is, without a slash at its end; the page's own origin when absent. */
  baseUrl?: string;
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  /** How long an answer may take; 30 s when absent. */
  timeoutMs?: number;
  /** Replaces parts of what the place where it runs provides. */
  environment?: Partial<Environment>;
};

/** Events a page, where the log is read. */
const PAGE = 1_000;

/**
 * The chat log's API, in browsers and in Node. Every method throws `ChatLogError`, ends by its time limit or its
 * `AbortSignal`, and may be repeated with the same `idempotencyKey`. One client serves a whole page.
 */
export class ChatLogClient {
  readonly projects: ProjectsApi;
  readonly conversations: ConversationsApi;
  readonly messages: MessagesApi;
  readonly turns: TurnsApi;
  readonly moments: MomentsApi;
  readonly search: SearchApi;
  readonly admin: AdminApi;
  /** Conversations that are looked at: each is read once and kept up by its stream. */
  readonly live: LiveConversations;
  /** Prompts on their way. */
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  /** Where it runs. */
  readonly environment: Environment;
  private readonly streams = new Set<StreamHandle>();
  private readonly transport: Transport;
  private readonly baseUrl: string;

  constructor({ baseUrl = '', token, timeoutMs, environment }: ChatLogClientOptions = {}) {
    this.environment = { ...browserEnvironment(), ...environment };
    this.baseUrl = baseUrl;
    const transport = new Transport({ baseUrl, token, timeoutMs, fetch: this.environment.fetch });
    this.transport = transport;
    this.projects = new ProjectsApi(transport);
    this.conversations = new ConversationsApi(transport);
    this.messages = new MessagesApi(transport);
    this.turns = new TurnsApi(transport);
    this.moments = new MomentsApi(transport);
    this.search = new SearchApi(transport);
    this.admin = new AdminApi(transport);
    const storage = new BoundedStorage(this.environment.storage, 'chatlog');
    this.drafts = new Drafts(storage);
    const { conversations, turns } = this;
    this.outbox = new Outbox({ conversations, turns, environment: this.environment, storage });
    this.live = new LiveConversations(this, new ConversationMemory(storage), this.outbox);
  }

  /** Ends all streams, requests of the outbox and timers. What is on its way is sent by the next client. */
  close(): void {
    this.live.close();
    this.outbox.close();
    for (const stream of this.streams) stream.close();
  }

  /**
   * Every event of a conversation after `after`, in order and exactly once, and each later one as it is committed, until it
   * is closed. It comes back by itself after any failure. Tabs of one browser that read the same conversation share one
   * connection.
   */
  openStream(conversationId: string, options: StreamOptions): StreamHandle {
    const { environment, transport, baseUrl } = this;
    const ports = { environment, transport, baseUrl, conversationId };
    const feed = new EventFeed(
      {
        makeSource: (listener) => openSource(ports, listener),
        readEvents: (after, signal) =>
          this.moments.events(conversationId, { after, limit: PAGE }, { signal }),
        random: environment.random,
      },
      {
        ...options,
        onStatus: (status) => {
          if (status === 'closed') this.streams.delete(feed);
          options.onStatus?.(status);
        },
      },
    );
    this.streams.add(feed);
    return feed.start();
  }
}
