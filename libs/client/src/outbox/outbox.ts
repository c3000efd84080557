import type { LogEvent } from '#contracts';
import { newId } from '#model';
import { ChatLogError } from '../chat-log-error.js';
import type { Environment } from '../environment/environment.js';
import { Listeners } from '../live/listeners.js';
import type { ConversationsApi } from '../resources/conversations.api.js';
import type { NewTurn, TurnsApi } from '../resources/turns.api.js';
import type { BoundedStorage } from '../storage/bounded-storage.js';
import { BackOff } from '../stream/back-off.js';
import { SkippableWait } from '../stream/skippable-wait.js';
import type { OutboxEntry } from './outbox-entry.js';
import { OutboxStore } from './outbox-store.js';

/** Prompts that may be on their way at once. */
export const MOST_ENTRIES = 50;
/** The stream tells of an accepted prompt within moments; one that it never tells of need not be shown twice for ever. */
const ACCEPTED_MS = 10_000;

export type OutboxPorts = {
  conversations: Pick<ConversationsApi, 'create'>;
  turns: Pick<TurnsApi, 'request'>;
  environment: Pick<Environment, 'random' | 'onWake'>;
  storage: BoundedStorage;
};

/** Where a prompt goes. Without a conversation it starts one, in the project. */
export type Destination = { conversationId: string | null; projectId?: string | null };

type Waiting = { resolve: (entry: OutboxEntry) => void; reject: (error: unknown) => void };

/**
 * Prompts on their way. Each is kept, through a reload too, and sent with the same idempotency key until the server has it
 * or refuses it: none is lost, none is asked twice. Those of one conversation go one after another, in order.
 */
export class Outbox {
  private readonly changes = new Listeners();
  private readonly store: OutboxStore;
  private readonly lanes = new Map<string, SkippableWait>();
  private readonly senders = new Map<string, Waiting>();
  /** Up to which seq each conversation is shown. */
  private readonly shown = new Map<string, number>();
  private list: readonly OutboxEntry[];
  /** Keys of what an earlier page left. */
  private readonly adopted: ReadonlySet<string>;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private isClosed = false;
  private readonly over = new AbortController();
  private readonly stopListening: () => void;

  constructor(private readonly ports: OutboxPorts) {
    this.store = new OutboxStore(ports.storage);
    this.list = this.store.load();
    this.adopted = new Set(this.list.map(({ key }) => key));
    this.stopListening = ports.environment.onWake(() => this.wake());
    for (const entry of this.list) this.run(laneOf(entry));
  }

  readonly subscribe = (listener: () => void): (() => void) => this.changes.add(listener);
  /** Oldest first. The same array while nothing changes. */
  readonly entries = (): readonly OutboxEntry[] => this.list;

  /**
   * Keeps the prompt and sends it. Resolves once the server has it.
   * @throws ChatLogError where the server refuses it (it stays in the outbox, `refused`), or `outbox_full`
   */
  send({ conversationId, projectId }: Destination, turn: NewTurn): Promise<OutboxEntry> {
    if (this.list.length >= MOST_ENTRIES) {
      const message = `There are ${MOST_ENTRIES} prompts on their way already.`;
      return Promise.reject(new ChatLogError(message, { code: 'outbox_full' }));
    }
    const entry: OutboxEntry = {
      key: newId(),
      conversationId,
      projectId: projectId ?? null,
      turn,
      status: 'waiting',
      attempts: 0,
      createdAt: new Date().toISOString(),
    };
    const sent = new Promise<OutboxEntry>((resolve, reject) =>
      this.senders.set(entry.key, { resolve, reject }),
    );
    this.change([...this.list, entry], entry);
    this.run(laneOf(entry));
    return sent;
  }

  /** Sends a refused one again, as a new request; one that waits, at once. */
  retry(key: string): void {
    const entry = this.list.find((one) => one.key === key);
    if (!entry) return;
    if (entry.status === 'refused') {
      const anew: OutboxEntry = { ...entry, key: newId(), status: 'waiting', attempts: 0, error: undefined };
      this.store.delete(key);
      this.change(
        this.list.map((one) => (one === entry ? anew : one)),
        anew,
      );
      this.run(laneOf(anew));
    } else this.lanes.get(laneOf(entry))?.skip();
  }

  /** Forgets it, and gives its text back. One that is being sent may still arrive. */
  discard(key: string): string | null {
    const entry = this.list.find((one) => one.key === key);
    if (entry) this.remove(key);
    this.reject(key, new ChatLogError('The prompt was taken back.', { code: 'discarded' }));
    return entry?.turn.prompt ?? null;
  }

  /** An event of a conversation: it may be a prompt's arrival, or the end of the turn that one waits for. */
  saw(conversationId: string, { type, metadata }: Pick<LogEvent, 'type' | 'metadata'>): void {
    const { commandId } = metadata;
    const entry = this.list.find(({ key }) => key === commandId);
    if (entry) {
      this.remove(entry.key);
      this.resolve({ ...entry, conversationId, status: 'accepted' });
    }
    if (/^Turn(Completed|Failed|Cancelled|Interrupted)$/.test(type)) this.lanes.get(conversationId)?.skip();
  }

  /** A conversation is shown as of that seq: what was accepted up to there is a message by now, though no event told of it. */
  shows(conversationId: string, seq: number): void {
    if ((this.shown.get(conversationId) ?? -1) >= seq) return;
    this.shown.set(conversationId, seq);
    for (const entry of this.list) if (this.isShown(entry)) this.remove(entry.key);
  }

  /** Tries at once what waits for its next attempt. */
  wake(): void {
    for (const pause of this.lanes.values()) pause.skip();
  }

  close(): void {
    this.isClosed = true;
    this.over.abort();
    this.stopListening();
    for (const timer of this.timers) clearTimeout(timer);
    this.wake();
  }

  /** Sends those of one conversation until none waits. */
  private run(lane: string): void {
    if (this.lanes.has(lane) || this.isClosed) return;
    const pause = new SkippableWait();
    this.lanes.set(lane, pause);
    void this.drain(lane, pause);
  }

  private async drain(lane: string, pause: SkippableWait): Promise<void> {
    const backOff = new BackOff(this.ports.environment.random);
    for (;;) {
      const entry = this.list.find((one) => laneOf(one) === lane && one.status === 'waiting');
      if (!entry || this.isClosed) {
        this.lanes.delete(lane);
        return;
      }
      if (this.isDoneElsewhere(entry)) {
        this.remove(entry.key);
        continue;
      }
      const waitMs = await this.attempt(entry, backOff);
      if (waitMs === null) backOff.reset();
      else await pause.wait(waitMs);
    }
  }

  /** What an earlier page left is there for every tab that was opened since: another one has sent it, or taken it back. */
  private isDoneElsewhere({ key }: OutboxEntry): boolean {
    return this.adopted.has(key) && !this.store.has(key);
  }

  /** Null when the entry is done with, by whatever; else how long to wait. */
  private async attempt(waiting: OutboxEntry, backOff: BackOff): Promise<number | null> {
    const entry: OutboxEntry = { ...waiting, status: 'sending', attempts: waiting.attempts + 1 };
    this.replace(entry);
    try {
      const conversationId = await this.conversationOf(entry);
      const options = { idempotencyKey: entry.key, signal: this.over.signal };
      const { seq } = await this.ports.turns.request(conversationId, entry.turn, options);
      this.accept({ ...entry, conversationId, status: 'accepted', seq });
      return null;
    } catch (error) {
      if (this.isClosed) return null;
      const failure = asFailure(error);
      const { code, message } = failure;
      if (mayLaterSucceed(failure)) {
        this.replace({ ...entry, status: 'waiting', error: { code, message } });
        return backOff.next(failure.retryAfterMs);
      }
      this.replace({ ...entry, status: 'refused', error: { code, message } });
      this.reject(entry.key, failure);
      return null;
    }
  }

  /** Starts the conversation of a prompt that has none, once. */
  private async conversationOf(entry: OutboxEntry): Promise<string> {
    if (entry.conversationId !== null) return entry.conversationId;
    const options = { idempotencyKey: `${entry.key}/start`, signal: this.over.signal };
    const { id } = await this.ports.conversations.create({ projectId: entry.projectId }, options);
    return id;
  }

  /** Shown until the stream shows it; not kept any longer. */
  private accept(entry: OutboxEntry): void {
    if (this.isShown(entry)) this.remove(entry.key);
    if (this.list.some(({ key }) => key === entry.key)) {
      this.store.delete(entry.key);
      this.list = this.list.map((one) => (one.key === entry.key ? entry : one));
      this.changes.tell();
      this.timers.add(setTimeout(() => this.remove(entry.key), ACCEPTED_MS));
    }
    this.resolve(entry);
  }

  private isShown({ conversationId, seq }: OutboxEntry): boolean {
    return conversationId !== null && seq !== undefined && (this.shown.get(conversationId) ?? -1) >= seq;
  }

  private replace(entry: OutboxEntry): void {
    if (!this.list.some(({ key }) => key === entry.key)) return;
    this.change(
      this.list.map((one) => (one.key === entry.key ? entry : one)),
      entry,
    );
  }

  private change(list: readonly OutboxEntry[], entry: OutboxEntry): void {
    this.list = list;
    this.store.save(entry);
    this.changes.tell();
  }

  private remove(key: string): void {
    if (!this.list.some((one) => one.key === key)) return;
    this.list = this.list.filter((one) => one.key !== key);
    this.store.delete(key);
    this.changes.tell();
  }

  private resolve(entry: OutboxEntry): void {
    this.senders.get(entry.key)?.resolve(entry);
    this.senders.delete(entry.key);
  }

  private reject(key: string, error: unknown): void {
    this.senders.get(key)?.reject(error);
    this.senders.delete(key);
  }
}

/** Prompts that start a conversation each wait for nobody. */
function laneOf({ conversationId, key }: OutboxEntry): string {
  return conversationId ?? key;
}

function asFailure(error: unknown): ChatLogError {
  if (error instanceof ChatLogError) return error;
  return new ChatLogError(error instanceof Error ? error.message : String(error), {
    code: 'network',
    cause: error,
  });
}

/** 408, 429, a turn that is still running, and whatever is the server's fault. Anything else is the person's to mend. */
function mayLaterSucceed(error: ChatLogError): boolean {
  return error.isTransient || error.status === 408 || error.code === 'turn_in_progress';
}
