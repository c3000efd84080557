import type { LogEvent } from '#contracts';
import type { ChatLogClient } from '../chat-log-client.js';
import type { Outbox } from '../outbox/outbox.js';
import type { ConversationMemory } from '../storage/conversation-memory.js';
import type { StreamStatus } from '../stream/stream-options.js';
import { Listeners } from './listeners.js';
import { LiveConversation } from './live-conversation.js';

/** How long a conversation that nobody looks at is kept up: a page that is left and entered again reads nothing anew. */
const LINGER_MS = 30_000;

/** The worst first: what a person must know of. */
const severity: StreamStatus[] = ['offline', 'waiting', 'connecting', 'polling', 'live', 'shared', 'closed'];

type Held = { holders: number; timer?: ReturnType<typeof setTimeout> };

/** The live conversations of a page: everyone who looks at the same one shares it. */
export class LiveConversations {
  private readonly byId = new Map<string, LiveConversation>();
  private readonly held = new Map<LiveConversation, Held>();
  private readonly changes = new Listeners();
  private readonly stopListening: () => void;
  private connection: StreamStatus = 'closed';

  constructor(
    private readonly client: ChatLogClient,
    private readonly memory: ConversationMemory,
    private readonly outbox: Outbox,
  ) {
    const { environment } = client;
    this.stopListening = environment.onWake(() => {
      if (!environment.isVisible()) this.memory.flush();
    });
  }

  /** The conversation, kept up from the first look on; for long only while someone holds it. */
  get(id: string): LiveConversation {
    const known = this.byId.get(id);
    if (known) return known;
    const keep = this.memory.keeper(id);
    const live = new LiveConversation(
      this.client,
      id,
      {
        onEvent: (event: LogEvent) => this.outbox.saw(id, event),
        onSnapshot: (snapshot) => {
          keep(snapshot);
          const { status, conversation } = snapshot;
          if (status === 'ready' && conversation) this.outbox.shows(id, conversation.seq);
          this.judge();
        },
      },
      this.memory.recall(id) ?? undefined,
    );
    this.keepUp(live);
    this.linger(live);
    return live;
  }

  /** Keeps it up until the function that is given is called, and some time beyond. */
  hold(live: LiveConversation): () => void {
    const held = this.keepUp(live);
    held.holders += 1;
    clearTimeout(held.timer);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      held.holders -= 1;
      if (held.holders === 0) this.linger(live);
    };
  }

  /** For `useSyncExternalStore`: how the stream stands that is worst off; `closed` while none is read. */
  readonly subscribe = (listener: () => void): (() => void) => this.changes.add(listener);
  readonly getConnection = (): StreamStatus => this.connection;

  /** Tries at once what waits for its next attempt. */
  reconnect(): void {
    for (const live of this.held.keys()) live.reconnect();
  }

  close(): void {
    this.stopListening();
    this.memory.flush();
    for (const [live, { timer }] of this.held) {
      clearTimeout(timer);
      live.close();
    }
    this.held.clear();
    this.byId.clear();
  }

  private keepUp(live: LiveConversation): Held {
    const known = this.held.get(live);
    if (known) return known;
    const held: Held = { holders: 0 };
    this.held.set(live, held);
    this.byId.set(live.id, live);
    live.start();
    return held;
  }

  private linger(live: LiveConversation): void {
    const held = this.held.get(live);
    if (!held) return;
    held.timer = setTimeout(() => {
      this.held.delete(live);
      if (this.byId.get(live.id) === live) this.byId.delete(live.id);
      live.close();
      this.judge();
    }, LINGER_MS);
  }

  private judge(): void {
    const all = [...this.held.keys()].map((live) => live.getSnapshot().connection);
    const worst = severity.find((status) => all.includes(status)) ?? 'closed';
    if (worst === this.connection) return;
    this.connection = worst;
    this.changes.tell();
  }
}
