import { Injectable } from '@nestjs/common';
import { initialState, type ConversationState } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget, SeamRequest } from '../../projection.js';
import { conversationColumns, fieldsOfRow, type ConversationRow } from './conversation.row.js';
import {
  withoutMessages,
  type ConversationsChanges,
  type ConversationsContext,
} from './conversations.fold.js';
import { followVersion, insertVersions } from './conversation-writes.js';

/** The list of conversations. */
@Injectable()
export class ConversationsProjection implements Projection<ConversationsContext, ConversationsChanges> {
  readonly name = 'conversations';
  readonly version = 1;

  async load(
    q: Queryable,
    { generation, streamId, state, events }: LoadRequest,
  ): Promise<ConversationsContext | null> {
    if (events.length === 0) return null;
    const [row] = await q.query<ConversationRow>(
      `select ${conversationColumns} from conversations c
       where c.generation = $1 and c.conversation_id = $2 order by c.valid_from desc limit 1`,
      [generation, streamId],
    );
    return {
      state: (state as ConversationState | null) ?? initialState(streamId),
      current: row ? { fields: fieldsOfRow(row), validFrom: row.valid_from } : null,
    };
  }

  async seamState(_q: Queryable, { conversation }: SeamRequest): Promise<ConversationState> {
    return withoutMessages(conversation);
  }

  async write(q: Queryable, target: ProjectionTarget, changes: ConversationsChanges): Promise<void> {
    if (changes.followed) await followVersion(q, target, changes.followed);
    await insertVersions(q, target, changes.inserted);
  }
}
