import type { Message } from '#contracts';
import type { ChatLogClient } from '../chat-log-client.js';
import { ChatLogError } from '../chat-log-error.js';
import type { ConversationSnapshot } from './conversation-snapshot.js';
import { Listeners } from './listeners.js';
import type { LiveConversation } from './live-conversation.js';
import { loadAround, loadBefore, type OlderPage, type PageStart } from './message-pages.js';

/** What a view of messages shows. */
export type WindowSnapshot = {
  /** A part of the selected branch without gaps, oldest first. */
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
  loadingOlder: boolean;
  /** Why the last page of older, or of newer ones, could not be read; null once it is asked for again. */
  olderError: ChatLogError | null;
  newerError: ChatLogError | null;
};

const nothing: OlderPage = { messages: [], start: null };

/**
 * The messages that one view shows: the live end of the conversation and the older pages before it, or, after a jump, pages
 * anywhere, until they reach the live end.
 */
export class MessageWindow {
  private readonly changes = new Listeners();
  private over = new AbortController();
  private leave: (() => void) | null = null;
  /** What stands before the live end, or, where `next` is there, all that is shown. */
  private pages = nothing;
  /** Where newer pages go on; null: the live end follows. */
  private next: string | null = null;
  /** The first message of the live end that the pages stand before, and where older ones go on from it. */
  private top: { id: string | undefined; start: PageStart | null } = { id: undefined, start: null };
  private epoch: string | undefined;
  private loading: Promise<void> | null = null;
  private readonly errors: Pick<WindowSnapshot, 'olderError' | 'newerError'> = {
    olderError: null,
    newerError: null,
  };
  private isCleared = false;
  private snapshot: WindowSnapshot;
  private settled: WindowSnapshot;

  constructor(
    private readonly client: ChatLogClient,
    private readonly live: LiveConversation,
    private readonly pageSize: number,
  ) {
    this.align();
    this.snapshot = this.build((live) => live.messages);
    this.settled = this.build((live) => live.settled);
  }

  /** For `useSyncExternalStore`. While anyone listens, the pages are kept true. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const end = this.changes.add(listener);
    if (this.changes.size === 1) this.enter();
    return () => {
      end();
      if (this.changes.size === 0) this.leave?.();
    };
  };
  readonly getSnapshot = (): WindowSnapshot => this.snapshot;
  /** Unchanged by deltas: the message that is being written is as it was when it was first shown. */
  readonly getSettled = (): WindowSnapshot => this.settled;

  /** Reads a page of older messages; one at a time. Never rejects: where it cannot be read, the snapshot says why. */
  loadOlder(): Promise<void> {
    this.loading ??= this.told('olderError', () => this.readOlder()).finally(() => {
      this.loading = null;
      this.changed();
    });
    this.changed();
    return this.loading;
  }

  /** Reads a page of newer messages, after a jump. Never rejects, as above. */
  loadNewer(): Promise<void> {
    return this.told('newerError', () => this.readNewer());
  }

  private async readNewer(): Promise<void> {
    const { next, pages } = this;
    if (next === null) return;
    const query = { after: next, limit: this.pageSize, includeTrashed: true };
    const page = await this.client.messages.list(this.live.id, query, { signal: this.over.signal });
    if (this.next !== next) return;
    this.show({ messages: [...pages.messages, ...page.items], start: pages.start }, page.next);
  }

  /** Shows the messages around a seq, or around a message. False where that one is not on the selected branch. */
  async jumpTo(target: number | string): Promise<boolean> {
    const isTarget = (message: Message) => message.id === target || message.seq === target;
    const { messages, hasOlder } = this.snapshot;
    const at = messages.findIndex(isTarget);
    // what stands right before it belongs to what is around it
    if (at === 0 && hasOlder) await this.loadOlder();
    if (at >= 0) return true;
    const { signal } = this.over;
    const { id } = this.live;
    const seq =
      typeof target === 'number' ? target : (await this.client.messages.get(id, target, { signal })).seq;
    const { next, ...pages } = await loadAround(this.client, id, { seq, limit: this.pageSize, signal });
    this.isCleared = false;
    this.show(pages, next);
    return this.snapshot.messages.some(isTarget);
  }

  /** Shows the live end. */
  jumpToLatest(): void {
    this.isCleared = false;
    if (this.next !== null) this.attach(nothing);
    this.changed();
  }

  /** Shows nothing until the next jump. */
  clear(): void {
    this.isCleared = true;
    this.changed();
  }

  private enter(): void {
    this.over = new AbortController();
    const ends = [
      this.live.subscribe(() => {
        this.align();
        this.changed();
      }),
      this.live.onTouched((id) => void this.reread(id)),
    ];
    this.leave = () => {
      this.over.abort();
      for (const end of ends) end();
    };
    this.align();
    this.rebuild();
  }

  /** Says why it failed, unless nobody looks any more. */
  private async told(which: 'olderError' | 'newerError', read: () => Promise<void>): Promise<void> {
    const { signal } = this.over;
    if (this.errors[which]) {
      this.errors[which] = null;
      this.changed();
    }
    try {
      await read();
    } catch (error) {
      if (signal.aborted) return;
      this.errors[which] =
        error instanceof ChatLogError
          ? error
          : new ChatLogError('The messages cannot be shown.', { code: 'invalid_answer', cause: error });
      this.changed();
    }
  }

  private async readOlder(): Promise<void> {
    const { pages, next } = this;
    const start = this.olderStart();
    if (!start) return;
    const request = { limit: this.pageSize, signal: this.over.signal };
    const older = await loadBefore(this.client, this.live.id, start, request);
    // a jump, or another branch, since: the page belongs to what is not shown any more
    if (this.pages !== pages) return;
    this.show({ messages: [...older.messages, ...pages.messages], start: older.start }, next ?? undefined);
  }

  private olderStart(): PageStart | null {
    return this.pages.messages.length === 0 && this.next === null ? this.top.start : this.pages.start;
  }

  /** Shows pages, and after them the live end once they reach it. */
  private show(pages: OlderPage, next: string | undefined): void {
    const live = new Set(this.live.getSnapshot().messages.map(({ id }) => id));
    const reachesLive = next === undefined || pages.messages.some(({ id }) => live.has(id));
    if (reachesLive) this.attach(pages);
    else [this.pages, this.next] = [pages, next];
    const stale = this.pages.messages.filter(({ id }) => this.live.wasTouched(id));
    for (const { id } of stale) void this.reread(id);
    this.changed();
  }

  /** Pages that reach the live end: it is shown from its first message on. */
  private attach({ messages, start }: OlderPage): void {
    const first = this.live.getSnapshot().messages[0];
    const before = messages.filter(({ seq }) => seq < (first?.seq ?? 0));
    this.pages = before.length === 0 ? nothing : { messages: before, start };
    this.next = null;
  }

  /** After a change of the live end: whether the pages still stand before it. */
  private align(): void {
    const { messages, previous, conversation } = this.live.getSnapshot();
    const id = messages[0]?.id;
    const isOther = this.epoch !== undefined && this.epoch !== conversation?.epoch;
    if (isOther) [this.pages, this.next] = [nothing, null];
    else if (this.next === null && id !== this.top.id) {
      // the messages before one are the same whatever branch it is looked at from
      const shown = this.snapshot?.messages ?? [];
      const at = shown.findIndex((message) => message.id === id);
      this.pages = at > 0 ? { messages: shown.slice(0, at), start: this.olderStart() } : nothing;
    }
    this.epoch = conversation?.epoch;
    this.top = { id, start: previous ? { list: 'state', ...previous } : null };
  }

  /** A message that is not in the live end was changed: what is shown of it is read anew. */
  private async reread(id: string): Promise<void> {
    if (!this.pages.messages.some((message) => message.id === id)) return;
    try {
      const message = await this.client.messages.get(this.live.id, id, { signal: this.over.signal });
      this.replacePages((messages) => messages.map((one) => (one.id === id ? message : one)));
    } catch (error) {
      // one that was removed goes; where it cannot be read now, it stays as it was
      if (error instanceof ChatLogError && error.status === 404)
        this.replacePages((messages) => messages.filter((one) => one.id !== id));
    }
  }

  private replacePages(change: (messages: Message[]) => Message[]): void {
    this.pages = { ...this.pages, messages: change(this.pages.messages) };
    this.changed();
  }

  private changed(): void {
    this.rebuild();
    this.changes.tell();
  }

  private rebuild(): void {
    this.snapshot = this.build((live) => live.messages);
    const settled = this.build((live) => live.settled);
    if (!isEqual(settled, this.settled)) this.settled = settled;
  }

  private build(liveEnd: (live: ConversationSnapshot) => readonly Message[]): WindowSnapshot {
    const loadingOlder = this.loading !== null;
    const { errors } = this;
    if (this.isCleared) return { messages: [], hasOlder: false, hasNewer: true, loadingOlder, ...errors };
    const isLive = this.next === null;
    const { messages } = this.pages;
    return {
      messages: isLive ? join(messages, liveEnd(this.live.getSnapshot())) : messages,
      hasOlder: this.olderStart() !== null,
      hasNewer: !isLive,
      loadingOlder,
      ...errors,
    };
  }
}

function isEqual(a: WindowSnapshot, b: WindowSnapshot): boolean {
  const { messages } = b;
  return (
    a.hasOlder === b.hasOlder &&
    a.hasNewer === b.hasNewer &&
    a.loadingOlder === b.loadingOlder &&
    a.olderError === b.olderError &&
    a.newerError === b.newerError &&
    a.messages.length === messages.length &&
    a.messages.every((message, index) => message === messages[index])
  );
}

function join(older: readonly Message[], live: readonly Message[]): readonly Message[] {
  return older.length === 0 ? live : [...older, ...live];
}
