import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Conversation, Message } from '#contracts';
import type { EventLog } from '#event-log';
import { ApiClient } from './api-client.js';
import type { Prng } from './prng.js';
import { eventsUpTo, Oracle } from './projection-oracle.js';

/** A read that did not answer what the events up to its seq make of the conversation. */
export type WrongRead = { id: string; seq: number; what: 'conversation' | 'messages' | 'missing' };

/**
 * Reads conversations of chance over HTTP, one after another, and holds every answer against the fold of the very log, at the
 * seq that the answer says it is exact at. Answers of 503 and refused connections are no answers.
 */
export class ReadChecker {
  readonly wrong: WrongRead[] = [];
  reads = 0;
  refused = 0;
  private stopping = false;
  private readonly lanes: Promise<void>[] = [];
  private readonly known = new Map<string, { seq: number; page: string }>();

  constructor(
    private readonly url: () => string,
    private readonly log: EventLog,
    private readonly ids: () => readonly string[],
    private readonly prng: Prng,
    /** What is left of a message of an answer, and of one of the fold, before they are compared. */
    private readonly comparable: (message: Message) => unknown = (message) => message,
    /** Told of the messages of each answer, as they came. */
    private readonly onMessages: (messages: Message[]) => void = () => undefined,
  ) {}

  start(lanes: number, pauseMs: number): void {
    for (let lane = 0; lane < lanes; lane += 1) this.lanes.push(this.run(pauseMs));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes);
  }

  private async run(pauseMs: number): Promise<void> {
    while (!this.stopping) {
      await this.check(this.prng.pick(this.ids()));
      await pause(pauseMs);
    }
  }

  private async check(id: string): Promise<void> {
    const answer = await new ApiClient(this.url()).get(`/api/conversations/${id}`).catch(() => null);
    if (!answer || answer.status === 503) {
      this.refused += 1;
      return;
    }
    this.reads += 1;
    if (answer.status !== 200) {
      this.wrong.push({ id, seq: 0, what: 'missing' });
      return;
    }
    const { messages, ...conversation } = answer.json as Conversation & { messages: Message[] };
    const { seq } = conversation;
    this.onMessages(messages);
    const known = this.known.get(id);
    const shown = messages.map((message) => this.comparable(message));
    // what never changed since it was folded need not be folded again
    if (known?.seq === seq && known.page === JSON.stringify(shown)) return;
    const oracle = new Oracle(id, await eventsUpTo(this.log, id, seq), conversation.epoch);
    const page = oracle
      .page()
      .slice(0, 100)
      .map((message) => this.comparable(message));
    if (!isDeepStrictEqual(shown, JSON.parse(JSON.stringify(page))))
      this.wrong.push({ id, seq, what: 'messages' });
    else if (!isDeepStrictEqual(conversation, JSON.parse(JSON.stringify(oracle.conversation()))))
      this.wrong.push({ id, seq, what: 'conversation' });
    else this.known.set(id, { seq, page: JSON.stringify(shown) });
  }
}
