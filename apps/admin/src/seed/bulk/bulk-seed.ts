import { createHash } from 'node:crypto';
import type { Principal } from '#conversations';
import type { EventLog } from '#event-log';
import { currentVersions, deriveId, newId } from '#model';
import type { ProjectCommands } from '#projects';
import { BulkStory, type StoryPart } from './bulk-story.js';

export type BulkSeedRequest = {
  conversations: number;
  /** Of each conversation, rounded up to whole turns of two. */
  messages: number;
  /** Whose they are. */
  principal: Pick<Principal, 'tenantId' | 'userId'>;
  /** Another label makes other conversations; the same one goes on with what is there. Default `bulk`. */
  label?: string;
  /** Stops between two units; what is committed stays. */
  signal?: AbortSignal;
};

/** What a seeding has added so far, and what was there before. */
export type BulkSeedProgress = {
  conversations: number;
  /** Conversations that were whole before. */
  skipped: number;
  events: number;
  deltas: number;
};

/** Units of about so many events: large enough to be fast, small enough to be held four times. */
const UNIT_EVENTS = 1_000;
/** As many as the log has flushes on their way. */
const AT_ONCE = 4;
/** How many conversations' heads are asked for at a time. */
const HEADS = 500;
/** Every so manieth conversation works on a project. */
const WITH_PROJECT = 10;

/**
 * Many made-up conversations, fast: about 97 of 100 events are deltas, every tenth conversation has a project. Repeating it
 * adds nothing; one that was cut off goes on where it stopped.
 */
export class BulkSeed {
  constructor(
    private readonly log: Pick<EventLog, 'append' | 'heads'>,
    /** Absent: no conversation has a project. */
    private readonly projects?: Pick<ProjectCommands, 'create' | 'put'>,
  ) {}

  /** @throws LogUnavailable, AppendRefused; the signal's reason */
  async run(
    request: BulkSeedRequest,
    onProgress: (progress: BulkSeedProgress) => void = () => undefined,
  ): Promise<BulkSeedProgress> {
    const progress: BulkSeedProgress = { conversations: 0, skipped: 0, events: 0, deltas: 0 };
    for (let first = 0; first < request.conversations; first += HEADS) {
      const count = Math.min(HEADS, request.conversations - first);
      const numbers = Array.from({ length: count }, (_, index) => first + index + 1);
      const heads = await this.log.heads(numbers.map((number) => streamIdOf(request, number)));
      const next = numbers.values();
      const work = async (): Promise<void> => {
        for (const number of next) {
          const head = heads.get(streamIdOf(request, number)) ?? 0;
          await this.conversation(request, number, head, progress, () => onProgress(progress));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }
    return progress;
  }

  private async conversation(
    request: BulkSeedRequest,
    number: number,
    head: number,
    progress: BulkSeedProgress,
    tell: () => void,
  ): Promise<void> {
    const { principal, messages, signal } = request;
    const streamId = streamIdOf(request, number);
    const story = new BulkStory(streamId, number);
    const place = head === 0 ? await this.project(request, number) : {};
    let unit = story.start(place);
    let isWhole = true;
    for (let left = Math.ceil(messages / 2); left > 0 || unit.events.length > 0;) {
      while (left > 0 && unit.events.length < UNIT_EVENTS) {
        unit = joined(unit, story.turn());
        left -= 1;
      }
      if (unit.expectedSeq >= head) {
        signal?.throwIfAborted();
        await this.append(streamId, principal, unit);
        isWhole = false;
        progress.events += unit.events.length;
        progress.deltas += unit.events.filter(({ type }) => type === 'StreamDeltaReceived').length;
        tell();
      }
      unit = { expectedSeq: unit.expectedSeq + unit.events.length, events: [], entities: [] };
    }
    if (isWhole) progress.skipped += 1;
    else progress.conversations += 1;
    tell();
  }

  private async append(
    streamId: string,
    { tenantId, userId: ownerId }: BulkSeedRequest['principal'],
    { expectedSeq, events, entities }: StoryPart,
  ): Promise<void> {
    const create = expectedSeq === 0 ? { tenantId, ownerId, kind: 'conversation' as const } : undefined;
    const fresh = events.map(({ type, data, metadata = {} }) => ({
      eventId: newId(),
      type,
      schemaVersion: currentVersions[type],
      data,
      metadata,
    }));
    await this.log.append({
      appends: [{ streamId, tenantId, expectedSeq, create, events: fresh }],
      entities: entities.map((entity) => ({ ...entity, streamId })),
    });
  }

  private async project(
    { principal, label }: BulkSeedRequest,
    number: number,
  ): Promise<{ projectId?: string; projectSeq?: number }> {
    if (!this.projects || number % WITH_PROJECT !== 0) return {};
    const title = `Project ${number}`;
    const commandId = `seed ${label ?? 'bulk'} project ${number}`;
    const context = (step: number) => ({
      principal: { ...principal, scopes: ['*' as const] },
      commandId: `${commandId} ${step}`,
      bodySha256: createHash('sha256').update(`${commandId} ${step}`).digest('hex'),
    });
    const files = (colour: string) => ({
      'index.html': { content: `<h1>${title}</h1>\n` },
      'style.css': { content: `h1 { color: ${colour}; }\n` },
    });
    const { projectId } = await this.projects.create(context(1), { title, files: files('teal') });
    const { seqTo } = await this.projects.put(context(2), { projectId, files: files('tomato') });
    return { projectId, projectSeq: seqTo };
  }
}

function streamIdOf({ principal, label = 'bulk' }: BulkSeedRequest, number: number): string {
  return deriveId('lol-chat-log seed', JSON.stringify([principal.tenantId, principal.userId, label, number]));
}

function joined(unit: StoryPart, next: StoryPart): StoryPart {
  return {
    expectedSeq: unit.expectedSeq,
    events: [...unit.events, ...next.events],
    entities: [...unit.entities, ...next.entities],
  };
}
