import { Injectable } from '@nestjs/common';
import type { Message } from '#contracts';
import { EventLog } from '#event-log';
import type { Marker } from '#model';
import { ConversationAbsent } from '../../errors.js';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import { COUNTED_PAGE_BYTES, PAGE_BYTES, PathMessageReads } from './path-messages.js';

/** At most one of `after`, `before`, `offset` and `from`, the seq that the page begins at. `at`: as it was then, else as it is. */
export type MessagePageRequest = {
  limit: number;
  after?: string;
  before?: string;
  offset?: number;
  from?: number;
  at?: number;
};

/** A page of one conversation's messages, exact at `seq`. */
export type MessagePage = {
  /** The selected branch, oldest first; removed messages left out. It may end before `limit`, after about 8 MiB (64 by `offset`). */
  items: Message[];
  /** The log position that the page is exact at. */
  seq: number;
  /** Cursors for `after` and `before`; absent at the ends. */
  next?: string;
  prev?: string;
  /** Events that could not be read: what they would have changed is missing. */
  markers: Marker[];
};

/** Exact reads of messages, at the head or at any earlier seq, however far the projection lags. */
@Injectable()
export class MessageQueries {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly reads: PathMessageReads,
  ) {}

  /**
   * A page of the selected branch. Cursors go by place in the branch, so they hold while messages come and go.
   * @throws ConversationAbsent when there is none for this reader; CursorInvalid, PositionBeyondHead, ReadUnavailable
   */
  async page(reader: Reader, conversationId: string, request: MessagePageRequest): Promise<MessagePage> {
    const list = ['messages', conversationId, request.at ?? null];
    const position = (cursor?: string) =>
      cursor === undefined ? undefined : (decodeCursor(list, cursor) as number);
    // Who follows links goes on where a page ends; who counts takes a short page for the last one.
    const room = request.offset === undefined ? PAGE_BYTES : COUNTED_PAGE_BYTES;
    const after = request.from === undefined ? position(request.after) : request.from - 1;
    const slice = { limit: request.limit, offset: request.offset, after, before: position(request.before) };
    const found = await this.snapshots.read(reader, conversationId, request.at, async (snapshot) => {
      const { view, markers } = await this.reads.view(snapshot);
      const { items, first, last, hasPrevious, hasNext } = await this.reads.page(view, slice, room);
      return {
        items,
        seq: snapshot.at,
        ...(last !== undefined && hasNext && { next: encodeCursor(list, last) }),
        ...(first !== undefined && hasPrevious && { prev: encodeCursor(list, first) }),
        markers,
      };
    });
    if (!found) throw new ConversationAbsent(conversationId);
    return found;
  }

  /**
   * One message, whatever branch it is on. Null when there is none for this reader, it is removed, or not there yet at
   * `at`. Without `conversationId` it is looked up by the id alone.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  async get(
    reader: Reader,
    messageId: string,
    options: { conversationId?: string; at?: number } = {},
  ): Promise<Message | null> {
    const conversationId = options.conversationId ?? (await this.log.entity(messageId))?.streamId;
    if (conversationId === undefined) return null;
    return this.snapshots.read(reader, conversationId, options.at, async (snapshot) => {
      const { view } = await this.reads.view(snapshot);
      return this.reads.one(view, messageId);
    });
  }
}
