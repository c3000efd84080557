import { Injectable } from '@nestjs/common';
import type { Conversation } from '#contracts';
import { EventLog } from '#event-log';
import { conversationResource } from '#model';
import { Database } from '#platform';
import { GenerationCatalog } from '../../checkpoints/generation-catalog.js';
import { ReadUnavailable } from '../../errors.js';
import { mergeWindow, rowWindow } from '../../reading/merge-window.js';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { ProjectionRunner } from '../../running/projection-runner.js';
import {
  compareListed,
  isBeyond,
  listedRows,
  type ListPosition,
  type Listed,
  type ListFilter,
} from './conversation-rows.js';
import { ConversationTails } from './conversation-tails.js';
import { ConversationsProjection } from './conversations.projection.js';

/** At most one of `after`, `before` and `offset`. */
export type ConversationListRequest = {
  limit: number;
  projectId?: string;
  /** Only forks of this conversation. */
  forkedFrom?: string;
  /** A cursor: conversations that stand after it in the list, older ones. */
  after?: string;
  /** A cursor: those that stand before it, newer ones. */
  before?: string;
  offset?: number;
  includeTrashed?: boolean;
};

/** A page, newest created first. */
export type ConversationListPage = {
  items: Conversation[];
  /** Cursors for `after` and `before`; absent at the ends. */
  next?: string;
  prev?: string;
};

/** More streams behind than this are projected for a moment first (5,000 tails are folded in 22 ms: measured). */
const MOST_BEHIND = 5_000;
const PROJECT_FIRST_MS = 1_000;

/**
 * Pages across conversations, exact at any lag: the rows of the streams that are not behind, merged with the others,
 * folded in the same snapshot, and cut.
 */
@Injectable()
export class ConversationList {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
    private readonly projection: ConversationsProjection,
    private readonly tails: ConversationTails,
    private readonly catalog: GenerationCatalog,
  ) {}

  async page(reader: Reader, request: ConversationListRequest): Promise<ConversationListPage> {
    const { tenantId, userId } = reader;
    const { projectId, forkedFrom, includeTrashed = false, limit, offset = 0 } = request;
    const list = [
      'conversations',
      tenantId,
      userId ?? null,
      projectId ?? null,
      includeTrashed,
      forkedFrom ?? null,
    ];
    const position = (cursor?: string) =>
      cursor === undefined ? undefined : (decodeCursor(list, cursor) as ListPosition);
    const filter: ListFilter = {
      tenantId,
      userId,
      projectId,
      forkedFrom,
      includeTrashed,
      after: position(request.after),
      before: position(request.before),
    };
    const found = await this.found(reader, filter, { limit, offset });
    const epoch = await this.log.epoch();
    const more = found.length > limit;
    const page = filter.before ? found.slice(0, limit).toReversed() : found.slice(0, limit);
    const [first, last] = [page.at(0), page.at(-1)];
    const hasNext = filter.before ? true : more;
    const hasPrevious = filter.before ? more : offset > 0 || filter.after !== undefined;
    return {
      items: page.map(({ id, seq, fields }) => conversationResource({ id, seq, epoch }, fields)),
      ...(last && hasNext && { next: encodeCursor(list, [last.fields.createdAt, last.id]) }),
      ...(first && hasPrevious && { prev: encodeCursor(list, [first.fields.createdAt, first.id]) }),
    };
  }

  /** The page in the direction of its cursor, and one more. */
  private async found(
    reader: Reader,
    filter: ListFilter,
    window: { limit: number; offset: number },
  ): Promise<Listed[]> {
    const once = await this.attempt(reader, filter, window, false);
    if (!('projectFirst' in once)) return once.found;
    await this.project(once.projectFirst);
    const again = await this.attempt(reader, filter, window, true);
    if ('projectFirst' in again) throw new ReadUnavailable('too many conversations are not projected yet');
    return again.found;
  }

  private attempt(
    reader: Reader,
    filter: ListFilter,
    window: { limit: number; offset: number },
    patient: boolean,
  ): Promise<{ found: Listed[] } | { projectFirst: string[] }> {
    return this.database.transaction('REPEATABLE READ', async (q) => {
      const { projection, generation } = await this.catalog.readable(q, this.projection.name);
      const behind = await this.tails.behind(q, reader, generation, MOST_BEHIND + 1);
      if (behind.length > MOST_BEHIND) return { projectFirst: behind.map(({ streamId }) => streamId) };
      const tails = await this.tails.fold(q, behind, { fold: projection.foldName, patient });
      if ('tooLong' in tails) return { projectFirst: tails.tooLong };
      const compare = filter.before ? (a: Listed, b: Listed) => compareListed(b, a) : compareListed;
      const changed = tails.folded.filter((entry) => isBeyond(filter, entry)).toSorted(compare);
      const { skip, take } = rowWindow(window, changed.length);
      const except = behind.map(({ streamId }) => streamId);
      const rows = await listedRows(q, generation, filter, { except, skip, take });
      return { found: mergeWindow(rows, changed, compare, window) };
    });
  }

  /** Several at once, oldest first, until the time is over. */
  private async project(streamIds: string[]): Promise<void> {
    const until = performance.now() + PROJECT_FIRST_MS;
    const waiting = [...streamIds];
    const work = async (): Promise<void> => {
      for (;;) {
        const budgetMs = until - performance.now();
        const streamId = budgetMs > 0 ? waiting.shift() : undefined;
        if (streamId === undefined) return;
        await this.runner.project(streamId, { budgetMs });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  }
}
