import { Injectable } from '@nestjs/common';
import type { Message } from '#contracts';
import { EventLog } from '#event-log';
import type { Marker } from '#model';
import { ConversationAbsent } from '../../errors.js';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { ExactMessages } from './exact-messages.js';
import { rowOf, versionOfRow } from './message-rows.js';
import { messageResource } from './message-resource.js';
import type { MessageVersion } from './message-version.js';
import { messageView, type MessageView } from './message-view.js';
import { MessagesProjection } from './messages.projection.js';
import { pathPage } from './path-page.js';
import { siblingPlaces } from './sibling-counts.js';

/** At most one of `after`, `before` and `offset`. `at`: as it was then, else as it is. */
export type MessagePageRequest = {
  limit: number;
  after?: string;
  before?: string;
  offset?: number;
  at?: number;
};

/** A page of one conversation's messages, exact at `seq`. */
export type MessagePage = {
  /** The selected branch, oldest first; removed messages left out. */
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
    private readonly projection: MessagesProjection,
    private readonly exact: ExactMessages,
  ) {}

  /**
   * A page of the selected branch. Cursors go by place in the branch, so they hold while messages come and go.
   * @throws ConversationAbsent when there is none for this reader; CursorInvalid, PositionBeyondHead, ReadUnavailable
   */
  async page(reader: Reader, conversationId: string, request: MessagePageRequest): Promise<MessagePage> {
    const list = ['messages', conversationId, request.at ?? null];
    const position = (cursor?: string) =>
      cursor === undefined ? undefined : (decodeCursor(list, cursor) as number);
    const slice = { ...request, after: position(request.after), before: position(request.before) };
    const found = await this.snapshots.read(reader, conversationId, request.at, async (snapshot) => {
      const { view, markers } = await this.view(snapshot);
      const { versions, hasPrevious, hasNext } = await pathPage(view, slice);
      const items = await this.resources(view, versions);
      const [first, last] = [versions.at(0), versions.at(-1)];
      return {
        items,
        seq: snapshot.at,
        ...(last && hasNext && { next: encodeCursor(list, last.place.seq) }),
        ...(first && hasPrevious && { prev: encodeCursor(list, first.place.seq) }),
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
      const { view } = await this.view(snapshot);
      const row = view.changed.has(messageId) ? null : await rowOf(view, messageId);
      const version = view.changed.get(messageId) ?? (row && versionOfRow(row));
      if (!version || version.message.removed) return null;
      const [message] = await this.resources(view, [version]);
      return message ?? null;
    });
  }

  private async view(snapshot: Snapshot): Promise<{ view: MessageView; markers: Marker[] }> {
    const standing = await this.snapshots.standing(snapshot, this.projection);
    return { view: await messageView(snapshot, standing), markers: standing.markers };
  }

  private async resources(view: MessageView, versions: MessageVersion[]): Promise<Message[]> {
    const places = await siblingPlaces(
      view,
      versions.map(({ message }) => message),
    );
    const items: Message[] = [];
    for (const version of versions) {
      const message = await this.exact.of(view, version);
      const siblings = places.get(message.id) ?? { index: 0, count: 1 };
      items.push(messageResource(view.streamId, message, siblings));
    }
    return items;
  }
}
