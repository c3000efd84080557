import { Injectable } from '@nestjs/common';
import type { Conversation } from '#contracts';
import { conversationResource, type Marker } from '#model';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import { ConversationAt } from './conversation-at.js';
import {
  ConversationList,
  type ConversationListPage,
  type ConversationListRequest,
} from './conversation-list.js';
import {
  ConversationState,
  type ConversationStateAt,
  type ConversationStateRequest,
} from './conversation-state.js';
import { Timelines, type ConversationTimeline } from '../moments/timeline.js';

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
    private readonly timelines: Timelines,
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
   * The conversation as it was at a seq, with the end of the branch that was selected then. Read from rows, so it costs the
   * same at every seq. Null when there is none for this reader.
   * @throws CursorInvalid, PositionBeyondHead, ReadUnavailable
   */
  state(reader: Reader, id: string, request: ConversationStateRequest): Promise<ConversationStateAt | null> {
    return this.states.at(reader, id, request);
  }

  /**
   * The track that a slider runs on: at most 2,000 marks however long the log. Null when there is none for this reader.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  timeline(reader: Reader, id: string, { at }: { at?: number } = {}): Promise<ConversationTimeline | null> {
    return this.timelines.of(reader, id, at);
  }
}
