import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { evolve, initialState, type ConversationFields, type Marker } from '#model';
import { toLogged } from '../../reading/logged-events.js';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { leafOfView } from '../messages/leaf-of-view.js';
import { messageView } from '../messages/message-view.js';
import { MessagesProjection } from '../messages/messages.projection.js';
import { conversationColumns, fieldsOfRow, type ConversationRow } from './conversation.row.js';
import { ConversationsProjection } from './conversations.projection.js';

/** Of this many events in a row at least one tells when the conversation was updated. */
const RECENT = 20;

/** One conversation's fields, exact at the snapshot's seq. */
@Injectable()
export class ConversationAt {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly conversations: ConversationsProjection,
    private readonly messages: MessagesProjection,
  ) {}

  async fields(snapshot: Snapshot): Promise<{ fields: ConversationFields; markers: Marker[] } | null> {
    const { generation, layers, rowsAt, changes, markers } = await this.snapshots.standing(
      snapshot,
      this.conversations,
    );
    if (changes) return changes.fields && { fields: changes.fields, markers };
    const { q } = snapshot;
    // before its seam a fork is what the ancestor was that it has this seq from
    const [row] = await q.query<ConversationRow>(
      `select ${conversationColumns} from conversations c
       where c.generation = $1 and c.conversation_id = $2 and c.valid_from <= $3 order by c.valid_from desc limit 1`,
      [generation, layers.at(-1)?.streamId, rowsAt],
    );
    if (!row) return null;
    const fields = fieldsOfRow(row);
    if (rowsAt >= fields.updatedSeq) return { fields, markers };
    return { fields: { ...fields, ...(await this.followed(snapshot)) }, markers };
  }

  /** What follows every event, where the row has gone on already: the leaf from the path, the time from the log. */
  private async followed(
    snapshot: Snapshot,
  ): Promise<Pick<ConversationFields, 'leafId' | 'updatedAt' | 'updatedSeq'>> {
    const { q, stream, at } = snapshot;
    const standing = await this.snapshots.standing(snapshot, this.messages);
    const leafId = await leafOfView(await messageView(snapshot, standing));
    const range = { upTo: at, withoutDeltas: true, direction: 'backward', limit: RECENT } as const;
    const recent = await this.log.read(stream.streamId, range, q);
    let state = initialState(stream.streamId);
    for (const event of recent.map(toLogged).toReversed()) state = evolve(state, event);
    return { leafId, updatedAt: state.updatedAt, updatedSeq: recent[0]?.seq ?? at };
  }
}
