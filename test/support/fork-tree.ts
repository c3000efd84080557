import { randomUUID } from 'node:crypto';
import { lineageAt, type EventLog, type NewEvent } from '#event-log';
import {
  foldEvents,
  forkConversation,
  prune,
  reducerVersion,
  type DomainEvent,
  type LoggedEvent,
} from '#model';
import { chatter } from './chatty-story.js';
import { TENANT } from './event-log.js';
import type { Prng } from './prng.js';
import { appendLogged, newStreamId, withOwnIds } from './projections.js';
import { RandomStory } from './random-story.js';
import { logged } from './story.js';

/** One conversation of a tree of forks, and the events that it must show, inherited ones first. */
export type Branch = {
  streamId: string;
  parent: Branch | null;
  /** The seq that it was forked after; 0 for the root. */
  seam: number;
  truth: LoggedEvent[];
};

/** Conversations and forks of them, whose events are known without asking the log. */
export class ForkTree {
  readonly branches: Branch[] = [];
  private readonly stories = new Map<Branch, RandomStory>();

  constructor(
    private readonly log: EventLog,
    private readonly prng: Prng,
    /** Called after each append. */
    private readonly between: (branch: Branch) => Promise<unknown> = async () => undefined,
  ) {}

  async root(steps: number): Promise<Branch> {
    const branch: Branch = { streamId: newStreamId(), parent: null, seam: 0, truth: [] };
    this.branches.push(branch);
    await this.tell(branch, steps);
    return branch;
  }

  /** More happens in the conversation. */
  goOn(branch: Branch, steps: number): Promise<void> {
    return this.tell(branch, steps);
  }

  /** Just these happen, one after another. */
  async add(branch: Branch, ...events: DomainEvent[]): Promise<void> {
    const own = logged(events, branch.truth.length);
    await appendLogged(this.log, branch.streamId, own);
    branch.truth.push(...own);
    await this.between(branch);
  }

  /** A fork after `at`; sometimes without the snapshot that its readers would begin with. */
  async fork(parent: Branch, at = this.prng.between(1, parent.truth.length)): Promise<Branch> {
    const streamId = newStreamId();
    const past = parent.truth.slice(0, at);
    const origin = foldEvents(streamId, past);
    const { events } = forkConversation(origin, { conversationId: streamId, parentId: parent.streamId });
    const own = logged(events, at);
    const info = (await this.log.info(parent.streamId))!;
    const lineage = lineageAt(info, at);
    const create = {
      tenantId: TENANT,
      ownerId: 'owner',
      kind: 'conversation' as const,
      fork: { parentId: parent.streamId, lineage },
    };
    const snapshot = { streamId, seq: at, reducerVersion, state: prune(origin) };
    await this.log.append({
      appends: [{ streamId, tenantId: TENANT, expectedSeq: at, create, events: own.map(fresh) }],
      ...(this.prng.next() < 0.5 && { snapshot }),
    });
    const branch = { streamId, parent, seam: at, truth: [...past, ...own] };
    this.branches.push(branch);
    await this.between(branch);
    return branch;
  }

  /** In units of random size. */
  private async tell(branch: Branch, steps: number): Promise<void> {
    const story = this.stories.get(branch) ?? new RandomStory(this.prng);
    if (!this.stories.has(branch) && branch.parent) story.goOn(branch.truth);
    this.stories.set(branch, story);
    chatter(this.prng, story, steps);
    // ids that the story gives are small numbers: in the log they are the branch's own; those that it inherited stay
    const events = withOwnIds(story.events.slice(branch.truth.length), branch.streamId);
    for (let at = 0; at < events.length;) {
      const piece = events.slice(at, at + this.prng.between(1, 12));
      await appendLogged(this.log, branch.streamId, piece);
      branch.truth.push(...piece);
      at += piece.length;
      await this.between(branch);
    }
  }
}

function fresh({ type, data, metadata, schemaVersion }: LoggedEvent): NewEvent {
  return { eventId: randomUUID(), type, schemaVersion, data, metadata: { ...metadata } };
}
