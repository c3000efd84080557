import type { Conversation, LogEvent, Message } from '#contracts';
import type { ChatLogClient } from '../chat-log-client.js';
import { ChatLogError } from '../chat-log-error.js';
import { BackOff } from '../stream/back-off.js';
import { SkippableWait } from '../stream/skippable-wait.js';
import type { StreamHandle, StreamStatus } from '../stream/stream-options.js';
import { ConversationFold, type Effect } from './conversation-fold.js';
import { emptySnapshot, type ConversationSnapshot } from './conversation-snapshot.js';
import { Listeners } from './listeners.js';
import { readState } from './read-state.js';
import { settledMessages } from './settled-messages.js';

/** Messages that are read first. */
const TAIL = 50;

/** What a live conversation tells beside its snapshots. */
export type LiveEvents = {
  /** Each event that was folded. */
  onEvent?(event: LogEvent): void;
  onSnapshot?(snapshot: ConversationSnapshot): void;
};

/**
 * One conversation, read once and then kept up by its stream. What it shows is the fold of the log up to some seq, never
 * less than it has shown before, unless the history itself has changed. Changes are told once a frame.
 */
export class LiveConversation {
  private readonly changes = new Listeners();
  private readonly touches = new Listeners<string>();
  private over = new AbortController();
  private readonly touched = new Set<string>();
  private fold: ConversationFold | null = null;
  private stream: StreamHandle | null = null;
  /** Events that came while the state is read anew: they follow what is read. */
  private held: LogEvent[] | null = null;
  private connection: StreamStatus = 'connecting';
  private snapshot: ConversationSnapshot;
  private flushing = false;
  private readonly pause = new SkippableWait();
  /** Why it cannot be read, for good. */
  private refusal: ChatLogError | null = null;

  constructor(
    private readonly client: ChatLogClient,
    readonly id: string,
    private readonly events: LiveEvents = {},
    remembered?: Pick<ConversationSnapshot, 'conversation' | 'messages'>,
  ) {
    this.snapshot = remembered
      ? {
          ...emptySnapshot,
          ...remembered,
          seq: remembered.conversation?.seq ?? 0,
          settled: remembered.messages,
          status: 'remembered',
        }
      : emptySnapshot;
  }

  /** Also after `close`: what was known is shown until it is read anew. */
  start(): this {
    if (this.over.signal.aborted) this.over = new AbortController();
    this.refusal = null;
    void this.load();
    return this;
  }

  close(): void {
    this.over.abort();
    this.stream?.close();
    this.pause.skip();
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => this.changes.add(listener);
  readonly getSnapshot = (): ConversationSnapshot => this.snapshot;

  /** One message as it is now, also on another branch; undefined where it is not loaded. */
  readonly message = (id: string): Message | undefined =>
    this.snapshot.messages.find((message) => message.id === id) ?? this.fold?.message(id);

  /** It was changed since the state was first read, and was not loaded then. */
  wasTouched(messageId: string): boolean {
    return this.touched.has(messageId);
  }

  /** Calls with the id of each message that was changed and is not loaded here. */
  onTouched(listener: (messageId: string) => void): () => void {
    return this.touches.add(listener);
  }

  /** Tries at once what waits for its next attempt. */
  reconnect(): void {
    this.pause.skip();
    this.stream?.reconnect();
  }

  /** Reads the state anew, as of the events that were folded. What is shown stays until then. */
  async refresh(): Promise<void> {
    const { fold } = this;
    if (!fold) {
      this.reconnect();
      return;
    }
    if (this.held) return;
    this.held = [];
    const { seq, inFlight } = fold.state;
    try {
      const { signal } = this.over;
      const read = await readState(this.client.moments, this.id, { at: seq, limit: TAIL, inFlight, signal });
      const { held } = this;
      this.held = null;
      this.adopt(new ConversationFold(read, fold));
      for (const event of held) this.apply(event);
    } catch (error) {
      const held = this.held ?? [];
      this.held = null;
      for (const event of held) this.apply(event);
      throw error;
    }
  }

  /** Reads the newest state until it can be read, then follows the stream from there. */
  private load(): Promise<void> {
    return this.untilRead(async (signal) => {
      const request = { limit: TAIL, signal };
      let read = await readState(this.client.moments, this.id, request);
      // The page may have been sent with a state older than what another tab remembered meanwhile. A second answer is newer;
      // if it is not, the history itself has changed.
      if (read.page.seq < this.snapshot.seq) read = await readState(this.client.moments, this.id, request);
      if (signal.aborted) return;
      this.adopt(new ConversationFold(read, this.fold ?? undefined));
      // whoever has nothing to look at yet does not wait for the next frame
      if (this.snapshot.status !== 'ready') this.show({});
      this.follow();
    });
  }

  /** Tries until it succeeds, is refused for good, or nobody wants it any more. */
  private async untilRead(read: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { environment } = this.client;
    const { signal } = this.over;
    const backOff = new BackOff(environment.random);
    const stopListening = environment.onWake(() => this.pause.skip());
    for (;;) {
      try {
        await read(signal);
        break;
      } catch (error) {
        if (signal.aborted || !(await this.mayRetry(error, backOff))) break;
      }
    }
    stopListening();
  }

  private async mayRetry(error: unknown, backOff: BackOff): Promise<boolean> {
    const failure =
      error instanceof ChatLogError
        ? error
        : new ChatLogError('The conversation cannot be shown.', { code: 'invalid_answer', cause: error });
    if (!failure.isTransient) {
      this.refuse(failure);
      return false;
    }
    this.show({ error: failure });
    await this.pause.wait(backOff.next(failure.retryAfterMs));
    return !this.over.signal.aborted;
  }

  private refuse(error: ChatLogError): void {
    this.refusal = error;
    this.show({});
  }

  private follow(): void {
    const { fold } = this;
    if (!fold) return;
    this.stream = this.client.openStream(this.id, {
      after: fold.state.seq,
      epoch: fold.epoch,
      onEvent: (event) => (this.held ? this.held.push(event) : this.apply(event)),
      onReset: () => void this.load(),
      onRefused: (error) => {
        if (error instanceof ChatLogError) this.refuse(error);
      },
      onStatus: (status) => {
        this.connection = status;
        this.changed();
      },
    });
  }

  private adopt(fold: ConversationFold): void {
    this.fold = fold;
    this.changed();
  }

  private apply(event: LogEvent): void {
    const { fold } = this;
    if (!fold || event.seq !== fold.state.seq + 1) return;
    this.follows(fold.apply(event), fold);
    this.events.onEvent?.(event);
    this.changed();
  }

  private follows({ touched, unplaced, lost }: Effect, fold: ConversationFold): void {
    if (touched !== undefined) {
      this.touched.add(touched);
      this.touches.tell(touched);
    }
    if (lost) void this.untilRead(() => this.refresh());
    if (unplaced !== undefined) void this.place(unplaced, fold);
  }

  /** A guess that stays until the next read is better than an error that nobody asked for. */
  private async place(id: string, fold: ConversationFold): Promise<void> {
    try {
      fold.correctPlace(await this.client.messages.get(this.id, id, { signal: this.over.signal }));
    } catch (error) {
      if (!(error instanceof ChatLogError) && !this.over.signal.aborted) throw error;
    }
    this.changed();
  }

  /** Told with the next frame, however much happens until then. */
  private changed(): void {
    if (this.flushing) return;
    this.flushing = true;
    this.client.environment.nextFrame(() => {
      this.flushing = false;
      if (!this.over.signal.aborted) this.show({});
    });
  }

  private show(fields: Partial<ConversationSnapshot>): void {
    const { fold, snapshot, connection, refusal } = this;
    const refused = refusal ? ({ status: 'refused', error: refusal } as const) : {};
    if (!fold) {
      this.snapshot = { ...snapshot, connection, ...fields, ...refused };
    } else {
      const messages = fold.messages();
      const { turn, inFlight } = fold.state;
      this.snapshot = {
        status: 'ready',
        error: null,
        conversation: sameConversation(snapshot.conversation, fold.conversation),
        seq: fold.state.seq,
        messages,
        settled: settledMessages(snapshot.settled, messages, inFlight?.messageId),
        previous: fold.previous,
        turn,
        inFlight,
        connection,
        ...fields,
        ...refused,
      };
    }
    this.events.onSnapshot?.(this.snapshot);
    this.changes.tell();
  }
}

/** Deltas change nothing of it but its seq: who shows its title has no reason to show it anew. */
function sameConversation(before: Conversation | null, now: Conversation): Conversation {
  const isSame = before && JSON.stringify({ ...before, seq: 0 }) === JSON.stringify({ ...now, seq: 0 });
  return isSame ? before : now;
}
