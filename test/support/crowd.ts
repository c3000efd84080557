import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient, type ApiAnswer } from './api-client.js';
import { inParallel, requestTurn, startConversation, turnEnd } from './conversation-probe.js';
import type { Prng } from './prng.js';
import { untilAnswered } from './until-answered.js';

/** A conversation of the crowd: what its answers told. */
export type Talk = {
  id: string;
  acked: { seq: number }[];
  turns: number;
  messages: string[];
  archived: boolean;
};

/** A turn a client, now and then; the others' writes go on meanwhile. */
const TURN_SHARE = 0.15;
/** While its workers are killed again and again, a turn may have to wait for one that lives long enough. */
const TURN_LIMIT_MS = 300_000;

/**
 * Many conversations, written to by a few clients in turn: posts, edits, removals, renames, turns. Each write is repeated with
 * its key until it is answered.
 */
export class Crowd {
  readonly talks: Talk[] = [];
  /** Writes that were answered. */
  writes = 0;
  private readonly name = randomUUID();
  private keys = 0;
  private stopping = false;
  private clients: Promise<void>[] = [];

  constructor(
    private readonly url: () => string,
    private readonly prng: Prng,
  ) {}

  /** Starts the conversations, then the clients; `pauseMs` lies between two writes of one. */
  async start(conversations: number, clients: number, pauseMs = 0): Promise<void> {
    const numbers = Array.from({ length: conversations }, (_, n) => n);
    await inParallel(numbers, clients, async (n) => {
      const id = await untilAnswered(() => startConversation(this.api(), { title: `talk ${n}` }));
      this.talks.push({ id, acked: [{ seq: 1 }], turns: 0, messages: [], archived: false });
    });
    // a conversation has one client at a time, so that no write meets another one's turn
    const idle = [...this.talks];
    this.clients = Array.from({ length: clients }, () => this.client(idle, pauseMs));
    // told by `stop`, which is called later
    for (const client of this.clients) client.catch(() => undefined);
  }

  /** Resolves when every write has its answer, and every turn its end. @throws what no client expects */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.clients);
  }

  private api(): ApiClient {
    return new ApiClient(this.url());
  }

  private async client(idle: Talk[], pauseMs: number): Promise<void> {
    while (!this.stopping) {
      const [talk] = idle.splice(this.prng.between(0, idle.length - 1), 1);
      if (!talk) throw new Error('there are more clients than conversations');
      if (this.prng.next() < TURN_SHARE) await this.turn(talk);
      else await this.write(talk);
      this.writes += 1;
      idle.push(talk);
      await pause(pauseMs);
    }
  }

  private async turn(talk: Talk): Promise<void> {
    const headers = { 'idempotency-key': this.nextKey() };
    const { turnId, seq } = await untilAnswered(() => requestTurn(this.api(), talk.id, 'Go on', headers));
    talk.acked.push({ seq });
    talk.turns += 1;
    await untilAnswered(() => turnEnd(this.api(), talk.id, turnId, TURN_LIMIT_MS, 250));
  }

  private async write(talk: Talk): Promise<void> {
    const { id, messages } = talk;
    const [text, chance] = [
      `text ${this.keys} ${'word '.repeat(this.prng.between(0, 40))}`,
      this.prng.next(),
    ];
    const known = messages.length > 0 ? this.prng.pick(messages) : undefined;
    if (known && chance < 0.15) {
      await this.send(talk, 'PATCH', `/api/messages/${known}`, { content: text });
    } else if (known && chance < 0.2) {
      talk.messages = messages.filter((message) => message !== known);
      await this.send(talk, 'DELETE', `/api/messages/${known}`);
    } else if (chance < 0.35) {
      await this.send(talk, 'PATCH', `/api/conversations/${id}`, { title: text });
    } else if (chance < 0.4) {
      talk.archived = !talk.archived;
      await this.send(talk, 'PATCH', `/api/conversations/${id}`, { archived: talk.archived });
    } else {
      const { json } = await this.send(talk, 'POST', `/api/conversations/${id}/messages`, {
        role: this.prng.pick(['user', 'assistant']),
        content: text,
      });
      messages.push(json.id as string);
    }
  }

  private async send(talk: Talk, method: string, path: string, body?: object): Promise<ApiAnswer> {
    const headers = { 'idempotency-key': this.nextKey() };
    const answer = await untilAnswered(async () => {
      const got = await this.api().send({ method, path, body, headers });
      if (got.status >= 300) throw new Error(`${method} ${path}: ${got.status} ${got.text}`);
      return got;
    });
    if (typeof answer.json?.seq === 'number') talk.acked.push({ seq: answer.json.seq });
    return answer;
  }

  private nextKey(): string {
    return `${this.name}-${(this.keys += 1)}`;
  }
}
