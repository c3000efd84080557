import { Injectable } from '@nestjs/common';
import { initialState, type ConversationState } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget, SeamRequest } from '../../projection.js';
import { together } from '../../tables/together.js';
import type { ReadModelRows } from '../../tables/read-model-table.js';
import { conversationColumns, fieldsOfRow, type ConversationRow } from './conversation.row.js';
import {
  withoutMessages,
  type ConversationsChanges,
  type ConversationsContext,
} from './conversations.fold.js';
import { followVersion } from './conversation-writes.js';
import { conversationsTable } from './conversations-table.js';

/** The list of conversations. */
@Injectable()
export class ConversationsProjection implements Projection<ConversationsContext, ConversationsChanges> {
  readonly name = 'conversations';
  readonly version = 1;
  readonly kind = 'conversation';
  readonly foldName = 'conversations';
  readonly tables = [conversationsTable];

  async load(
    q: Queryable,
    { generation, streamId, state, after, events }: LoadRequest,
  ): Promise<ConversationsContext | null> {
    if (events.length === 0) return null;
    const [row] = after === 0 ? [] : await currentRow(q, { generation, streamId, after });
    return {
      state: (state as ConversationState | null) ?? initialState(streamId),
      current: row ? { fields: fieldsOfRow(row), validFrom: row.valid_from } : null,
    };
  }

  async seamState(_q: Queryable, { conversation }: SeamRequest): Promise<ConversationState> {
    return withoutMessages(conversation);
  }

  async write(q: Queryable, target: ProjectionTarget, changes: ConversationsChanges): Promise<void> {
    await together([
      changes.followed ? followVersion(q, target, changes.followed) : Promise.resolve(),
      conversationsTable.insert(q, target, changes.inserted),
    ]);
  }

  rowsOf(target: ProjectionTarget, { inserted }: ConversationsChanges): ReadModelRows[] {
    return [{ table: conversationsTable, rows: conversationsTable.rows(target, inserted) }];
  }
}

/** Not beyond `after`: a fork may be folded anew from its seam while its rows stand. */
function currentRow(
  q: Queryable,
  { generation, streamId, after }: { generation: number; streamId: string; after: number },
): Promise<ConversationRow[]> {
  return q.query<ConversationRow>(
    `select ${conversationColumns} from conversations c
     where c.generation = $1 and c.conversation_id = $2 and c.valid_from <= $3 order by c.valid_from desc limit 1`,
    [generation, streamId, after],
  );
}
