import { Injectable } from '@nestjs/common';
import type { Conversation, Message } from '#contracts';
import { conversationResource, type Marker, type OpenToolCall, type TokenUsage } from '#model';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import { StreamTimes } from '../../reading/stream-times.js';
import { PathMessageReads } from '../messages/path-messages.js';
import { MomentViews } from '../moments/moment-view.js';
import { ConversationAt } from './conversation-at.js';

/** Which moment, and which of its messages: the newest `limit`, or those before a cursor. */
export type ConversationStateRequest = { at?: number; limit: number; before?: string };

/** What a conversation was at a seq. */
export type ConversationStateAt = {
  seq: number;
  /** When the event at `seq` was recorded. */
  at: string;
  conversation: Conversation;
  /** The end of the branch that was selected then, oldest first, in the shape of the message list. */
  messages: Message[];
  /** The cursor for `before`; absent at the beginning. */
  prev?: string;
  /** The newest turn then. */
  turn?: { id: string; status: string };
  openToolCalls: OpenToolCall[];
  /** The answer that was being written, as far as it had come, whatever branch it is on. */
  halfWritten?: Message;
  usage: TokenUsage;
  /** The place in the project's own log that the conversation was at; `seq` null: linked, and not looked at yet. */
  project?: { id: string; seq: number | null };
  markers: Marker[];
};

/** The state at a seq, read from rows; only an answer that was being written then is folded, from its own deltas. */
@Injectable()
export class ConversationState {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly times: StreamTimes,
    private readonly conversations: ConversationAt,
    private readonly messages: PathMessageReads,
    private readonly moments: MomentViews,
  ) {}

  at(reader: Reader, id: string, request: ConversationStateRequest): Promise<ConversationStateAt | null> {
    // a place in the branch is the same at every moment, so a cursor is too
    const list = ['state', id];
    const before = request.before === undefined ? undefined : (decodeCursor(list, request.before) as number);
    return this.snapshots.read(reader, id, request.at, async (snapshot) => {
      const { stream, at: seq, epoch } = snapshot;
      const found = await this.conversations.fields(snapshot);
      if (!found) return null;
      const { view, markers } = await this.messages.view(snapshot);
      const moment = await this.moments.of(snapshot);
      const { turn, openToolCalls, writingId, usage, project } = moment.standing;
      const newest = { limit: request.limit, before: before ?? Number.MAX_SAFE_INTEGER };
      const { items, first, hasPrevious } = await this.messages.page(view, newest);
      const halfWritten =
        writingId &&
        (items.find((message) => message.id === writingId) ?? (await this.messages.one(view, writingId)));
      return {
        seq,
        at: await this.times.timeOf(stream.streamId, seq, snapshot.q),
        conversation: conversationResource({ id: stream.streamId, seq, epoch }, found.fields),
        messages: items,
        ...(first !== undefined && hasPrevious && { prev: encodeCursor(list, first) }),
        ...(turn && { turn }),
        openToolCalls,
        ...(halfWritten && { halfWritten }),
        usage,
        ...(project && { project }),
        markers: allMarkers(found.markers, markers, moment.markers),
      };
    });
  }
}

/** Each projection marks what it cannot read: an event is told of once. */
function allMarkers(...lists: Marker[][]): Marker[] {
  const bySeq = new Map(lists.flat().map((marker) => [marker.seq, marker]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}
