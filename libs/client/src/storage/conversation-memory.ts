import type { Conversation, Message } from '#contracts';
import type { ConversationSnapshot } from '../live/conversation-snapshot.js';
import type { BoundedStorage, StorageKind } from './bounded-storage.js';

/** Conversations that are remembered, and messages of each. */
const CONVERSATIONS = 5;
const MESSAGES = 50;
/** Characters of one: five of them fit into what may be kept. */
const MOST_LENGTH = 180_000;
/** While an answer streams, at most so often. */
const EVERY_MS = 1_000;

const kind: StorageKind = { name: 'conversation', most: CONVERSATIONS, mayGo: true };

/** What a reload paints before anything is read. The cursor is the conversation's `seq` and `epoch`. */
export type Remembered = { conversation: Conversation; messages: Message[] };

/** The end of the conversations that were looked at last, as they were last seen. */
export class ConversationMemory {
  /** What is still to be kept, by conversation. */
  private readonly pending = new Map<string, () => void>();

  constructor(private readonly storage: BoundedStorage) {}

  recall(id: string): Remembered | null {
    const found = this.storage.get(kind, id) as Remembered | null;
    return found?.conversation?.id === id && Array.isArray(found.messages) ? found : null;
  }

  forget(id: string): void {
    this.storage.delete(kind, id);
  }

  /** Remembers the snapshots of one conversation as they come, the newest at most once a second. */
  keeper(id: string): (snapshot: ConversationSnapshot) => void {
    let newest: ConversationSnapshot | undefined;
    let kept: string | undefined;
    const keep = (): void => {
      if (!newest?.conversation) return;
      const { conversation, seq, messages } = newest;
      kept = this.keep(id, { ...conversation, seq }, messages, kept);
    };
    return (snapshot) => {
      if (snapshot.status === 'refused') this.forget(id);
      if (snapshot.status !== 'ready') return;
      newest = snapshot;
      if (this.pending.has(id)) return;
      const timer = setTimeout(() => this.pending.get(id)?.(), EVERY_MS);
      this.pending.set(id, () => {
        clearTimeout(timer);
        this.pending.delete(id);
        keep();
      });
    };
  }

  /** Keeps at once what was to be kept: the page may be gone in a moment. */
  flush(): void {
    for (const keep of this.pending.values()) keep();
  }

  private keep(
    id: string,
    conversation: Conversation,
    messages: readonly Message[],
    kept: string | undefined,
  ): string {
    const position = `${conversation.epoch}/${conversation.seq}`;
    if (position === kept) return position;
    let last = messages.slice(-MESSAGES);
    while (last.length > 0 && JSON.stringify(last).length > MOST_LENGTH)
      last = last.slice(Math.ceil(last.length / 2));
    this.storage.set(kind, id, { conversation, messages: last });
    return position;
  }
}
