import { Injectable } from '@nestjs/common';
import type { Conversation } from '#contracts';
import type { Marker } from '#model';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import { ConversationAt } from './conversation-at.js';
import {
  ConversationList,
  type ConversationListPage,
  type ConversationListRequest,
} from './conversation-list.js';
import { conversationResource } from './conversation-resource.js';
import { ConversationState, type ConversationStateAt } from './conversation-state.js';

/** A conversation, exact at its `seq`. */
export type ConversationAnswer = {
  conversation: Conversation;
  /** Events that could not be read: what they would have changed is missing. */
  markers: Marker[];
};

/** Exact reads of conversations, however far the projections lag. */
@Injectable()
export class ConversationQueries {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly at: ConversationAt,
    private readonly lists: ConversationList,
    private readonly states: ConversationState,
  ) {}

  /**
   * The conversation at its head, or as it was at `at`; one in the trash too. Null when there is none for this reader.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  get(reader: Reader, id: string, { at }: { at?: number } = {}): Promise<ConversationAnswer | null> {
    return this.snapshots.read(reader, id, at, async (snapshot) => {
      const found = await this.at.fields(snapshot);
      if (!found) return null;
      const position = { id: snapshot.stream.streamId, seq: snapshot.at, epoch: snapshot.epoch };
      return { conversation: conversationResource(position, found.fields), markers: found.markers };
    });
  }

  /**
   * A page of conversations, newest created first, with every committed command in it. Order never changes, so a cursor
   * holds while conversations come and go.
   * @throws CursorInvalid, ReadUnavailable
   */
  list(reader: Reader, request: ConversationListRequest): Promise<ConversationListPage> {
    return this.lists.page(reader, request);
  }

  /**
   * The whole conversation as it was at a seq, or at a time (ISO 8601: after the last event that is not later). Folded
   * from the log alone. Null when there is none for this reader, or not yet at that time.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  state(reader: Reader, id: string, at?: number | string): Promise<ConversationStateAt | null> {
    return this.states.at(reader, id, at);
  }
}
