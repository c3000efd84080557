import { setTimeout as pause } from 'node:timers/promises';
import { comparableMessage } from '../support/listed-messages.js';
import type { Prng } from '../support/prng.js';
import { Talk } from './talk.js';
import type { TimedClient } from './timed-client.js';

/** After so many actions a conversation is left alone, and another one begun: streams stay as long as people make them. */
const ACTIONS = 40;
const TURN_LIMIT_MS = 120_000;
/** A reader that is cut again and again needs some connections for a long conversation. */
const REST_LIMIT_MS = 60_000;
const PROMPTS = [
  'Build a page that counts apples',
  'What time is it in Europe/Paris and in Asia/Tokyo?',
  'Change the page to say good night',
  'Draw a small game with two buttons',
];
const WORDS = ['apples', 'night', 'page', 'scripted', 'waves', '"the page"', 'button -blue', 'zzz'];

const isDelta = ({ type }: { type: string }) => type === 'StreamDeltaReceived';

type Action = { name: string; weight: number; act: (talk: Talk) => Promise<void> };

/**
 * Steady mixed traffic of a few people at once. Each has a conversation to himself, with a reader on it that is cut and resumes;
 * they read one another's. What they were told is kept, for `findViolations`.
 */
export class SoakTraffic {
  readonly talks: Talk[] = [];
  /** Turns that ended. */
  turns = 0;
  /** What went wrong while it ran. */
  readonly failures: string[] = [];
  private readonly done = new Map<string, number>();
  private stopping = false;
  private lanes: Promise<void>[] = [];

  private readonly actions: Action[] = [
    { name: 'turn', weight: 20, act: (talk) => this.turn(talk) },
    { name: 'cancelled turn', weight: 4, act: (talk) => this.turn(talk, this.prng.between(20, 1_500)) },
    { name: 'message', weight: 8, act: (talk) => this.post(talk) },
    { name: 'edit', weight: 8, act: (talk) => this.edit(talk) },
    { name: 'rename', weight: 4, act: (talk) => this.rename(talk) },
    { name: 'fork', weight: 3, act: (talk) => this.fork(talk) },
    { name: 'restore', weight: 6, act: (talk) => this.restore(talk) },
    { name: 'page', weight: 14, act: () => this.page() },
    { name: 'search', weight: 8, act: () => this.search() },
    { name: 'moment', weight: 12, act: () => this.moment() },
    { name: 'timeline', weight: 5, act: () => this.timeline() },
    { name: 'list', weight: 8, act: () => this.list() },
  ];

  constructor(
    private readonly client: TimedClient,
    /** Where readers connect: a proxy that cuts. */
    private readonly readerUrl: string,
    private readonly prng: Prng,
    private readonly pauseMs = 150,
  ) {}

  start(people: number): void {
    this.lanes = Array.from({ length: people }, () => this.person());
    // told by `stop`
    for (const lane of this.lanes) lane.catch(() => undefined);
  }

  /** Resolves when everybody has ended what he was at, and every reader has seen the end. @throws what no client expects */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes);
    await Promise.all(this.talks.map((talk) => talk.rest(this.client, REST_LIMIT_MS)));
  }

  /** How often each thing was done. */
  get counts(): Record<string, number> {
    return Object.fromEntries(this.done);
  }

  /** Deltas that readers saw. */
  get deltas(): number {
    return this.talks.reduce((sum, { reader }) => sum + reader.events.filter(isDelta).length, 0);
  }

  private async person(): Promise<void> {
    let talk = await this.begin();
    while (!this.stopping) {
      if (talk.actions >= ACTIONS) {
        await talk.rest(this.client, REST_LIMIT_MS);
        talk = await this.begin();
      }
      const { name, act } = this.choose();
      await act(talk);
      talk.actions += 1;
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      await pause(this.prng.between(0, 2 * this.pauseMs));
    }
  }

  private choose(): Action {
    let left = this.prng.next() * this.actions.reduce((sum, { weight }) => sum + weight, 0);
    return this.actions.find(({ weight }) => (left -= weight) < 0) ?? this.actions[0]!;
  }

  private async begin(): Promise<Talk> {
    const answer = await this.client.send({
      method: 'POST',
      path: '/api/conversations',
      body: { title: 'A soak' },
    });
    if (!answer) throw new Error(`no conversation can be begun: ${this.client.unexpected.at(-1)}`);
    return this.follow(answer.json as { id: string; seq: number });
  }

  private follow({ id, seq }: { id: string; seq: number }): Talk {
    const talk = new Talk(id, seq, this.readerUrl);
    this.talks.push(talk);
    return talk;
  }

  private async turn(talk: Talk, cancelAfterMs?: number): Promise<void> {
    const answer = await this.client.send({
      method: 'POST',
      path: `/api/conversations/${talk.id}/turns`,
      body: { prompt: `${this.prng.pick(PROMPTS)} ${this.prng.between(1, 99)}` },
    });
    if (!answer) return;
    const { turnId, seq } = answer.json as { turnId: string; seq: number };
    talk.wrote(seq);
    if (cancelAfterMs !== undefined) {
      await pause(cancelAfterMs);
      // it may have ended meanwhile
      await this.client.send({ method: 'POST', path: `/api/turns/${turnId}/cancel`, or: [409] });
    }
    if (await talk.turnEnd(turnId, seq, TURN_LIMIT_MS)) this.turns += 1;
    else this.failures.push(`turn ${turnId} of ${talk.id} was not seen to end within ${TURN_LIMIT_MS} ms`);
  }

  private async post(talk: Talk): Promise<void> {
    const answer = await this.client.send({
      method: 'POST',
      path: `/api/conversations/${talk.id}/messages`,
      body: { role: this.prng.pick(['user', 'assistant']), content: this.text() },
    });
    talk.wrote(answer?.json.seq);
    if (answer) talk.messages.push(answer.json.id as string);
  }

  private async edit(talk: Talk): Promise<void> {
    if (talk.messages.length === 0) return this.post(talk);
    const path = `/api/messages/${this.prng.pick(talk.messages)}`;
    const answer = await this.client.send({ method: 'PATCH', path, body: { content: this.text() } });
    // a message tells the seq that made it
    if (answer) talk.acked.push({ seq: answer.json.seq as number });
  }

  private async rename(talk: Talk): Promise<void> {
    const path = `/api/conversations/${talk.id}`;
    const answer = await this.client.send({ method: 'PATCH', path, body: { title: this.text() } });
    talk.wrote(answer?.json.seq);
  }

  /** At the head or before, in the middle of an answer too. The fork is read to its end, and left alone. */
  private async fork(talk: Talk): Promise<void> {
    const at = this.prng.between(1, talk.reader.lastSeq || 1);
    const answer = await this.client.send({
      method: 'POST',
      path: `/api/conversations/${talk.id}/fork`,
      body: this.prng.next() < 0.5 ? {} : { at },
    });
    if (answer)
      await this.follow(answer.json as { id: string; seq: number }).rest(this.client, REST_LIMIT_MS);
  }

  private async restore(talk: Talk): Promise<void> {
    const shown = await this.client.get(`/api/conversations/${talk.id}`);
    if (typeof shown?.json.seq === 'number') talk.positions.push(shown.json.seq);
    const projectId = shown?.json.projectId as string | undefined;
    if (projectId === undefined) return this.rename(talk);
    const listed = await this.client.get(`/api/projects/${projectId}/versions?limit=50`);
    const versions = (listed?.json ?? []) as { version: number }[];
    if (versions.length === 0) return;
    const { version } = this.prng.pick(versions);
    const path = `/api/projects/${projectId}/restore`;
    const answer = await this.client.send({ method: 'POST', path, body: { version }, or: [409] });
    if (answer) talk.versions.push({ projectId, version: answer.json.version as number });
  }

  private async page(): Promise<void> {
    const { id } = this.prng.pick(this.talks);
    const newest = await this.client.get(`/api/conversations/${id}/messages?limit=20`);
    const before = /<([^>]+)>; rel="prev"/.exec(String(newest?.headers.link ?? ''))?.[1];
    if (before) await this.client.get(before.replace(/^https?:\/\/[^/]+/, ''));
  }

  private async search(): Promise<void> {
    await this.client.get(`/api/search?q=${encodeURIComponent(this.prng.pick(WORDS))}`);
  }

  /** Of whichever conversation, also in the middle of an answer. */
  private async moment(): Promise<void> {
    const talk = this.prng.pick(this.talks);
    const at = this.prng.between(1, talk.reader.lastSeq || 1);
    const answer = await this.client.get(`/api/conversations/${talk.id}/state?at=${at}&limit=1000`);
    const messages = answer?.json.messages as Record<string, unknown>[] | undefined;
    if (messages) talk.moments.push({ at, messages: messages.map(comparableMessage) });
  }

  private async timeline(): Promise<void> {
    await this.client.get(`/api/conversations/${this.prng.pick(this.talks).id}/timeline`);
  }

  private async list(): Promise<void> {
    await this.client.get('/api/conversations?limit=50');
  }

  private text(): string {
    return `text ${this.prng.between(0, 9_999)} ${'apples '.repeat(this.prng.between(0, 30))}时间`;
  }
}
