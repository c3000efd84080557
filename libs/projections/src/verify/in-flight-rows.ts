import { Injectable } from '@nestjs/common';
import { EventLog, type StreamInfo } from '#event-log';
import { canonicalJson, evolve, initialState, type ConversationState, type MessageState } from '#model';
import { Database } from '#platform';
import { beginAnswer } from '../reading/in-flight.folds.js';
import { readAll } from '../reading/logged-events.js';
import { stateOfRow, type MessageRow } from '../read-models/messages/message.row.js';
import type { ReadModelRow, ReadModelRows } from '../tables/read-model-table.js';
import { differencesOf, type RowDifference } from './row-differences.js';

type Both = {
  stream: StreamInfo;
  /** The checkpoint. */
  seq: number;
  stored: readonly ReadModelRows[];
  expected: readonly ReadModelRows[];
};
type Range = { after: number; upTo: number; types?: string[] };

/**
 * Rows in flight lag their checkpoint, but each says up to where it is folded, and readers go on from there: so it must be the
 * message after just those of its events. An answer's version that is over is read from its events alone, and must be empty.
 */
@Injectable()
export class InFlightRows {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** What differs in the columns that the comparison of whole rows leaves out. */
  async differences({ stream, seq, stored, expected }: Both, limit?: number): Promise<RowDifference[]> {
    const there = stored.find(({ table }) => table.name === 'messages');
    const wanted = expected.find(({ table }) => table.name === 'messages');
    const byKey = new Map(wanted?.rows.map((row) => [keyOf(row), row]));
    const both: [ReadModelRow, ReadModelRow][] = [];
    for (const row of there?.rows ?? []) {
      const whole = byKey.get(keyOf(row));
      if (row.in_flight == null || whole?.in_flight !== row.in_flight) continue;
      const last = row.valid_to == null ? seq : Number(row.valid_to) - 1;
      const should = await this.shouldBe(stream, row, whole);
      if (Number(row.folded_seq) > last) should.folded_seq = last;
      const { id, valid_from } = row;
      const is = Object.fromEntries(Object.keys(should).map((name) => [name, row[name]]));
      both.push([
        { id, valid_from, ...is },
        { id, valid_from, ...should },
      ]);
    }
    if (!there || both.length === 0) return [];
    const { name, key, columns } = there.table;
    const table = { name, key, columns, growing: [] };
    const side = (which: 0 | 1) => [{ table, rows: both.map((pair) => pair[which]) }];
    return differencesOf(side(0), side(1), limit);
  }

  /** The columns that count, as they must be. */
  private async shouldBe(stream: StreamInfo, row: ReadModelRow, whole: ReadModelRow): Promise<ReadModelRow> {
    if (row.in_flight === 'chunks') return this.withLaterChunks(stream, row, whole);
    if (row.valid_to != null) return { content: '', blocks: [] };
    const message = stateOfRow(row as MessageRow);
    const range = { after: message.seq, upTo: Number(row.folded_seq) };
    return grown(await this.evolved(stream, beginAnswer(stream.streamId, message), message.id, range));
  }

  /** With the chunks that it lacks it must be what the whole fold says, which has them all. */
  private async withLaterChunks(
    stream: StreamInfo,
    row: ReadModelRow,
    whole: ReadModelRow,
  ): Promise<ReadModelRow> {
    const message = stateOfRow(row as MessageRow);
    const state = { ...initialState(stream.streamId), messages: { [message.id]: message } };
    const range = { after: Number(row.folded_seq), upTo: Number(whole.folded_seq) };
    const is = grown(
      await this.evolved(stream, state, message.id, { ...range, types: ['MessageChunkAppended'] }),
    );
    const should = grown(stateOfRow(whole as MessageRow));
    const wrong = Object.entries(should).filter(
      ([name, value]) => canonicalJson(is[name]) !== canonicalJson(value),
    );
    return Object.fromEntries(wrong);
  }

  private async evolved(
    { streamId }: StreamInfo,
    from: ConversationState,
    messageId: string,
    range: Range,
  ): Promise<MessageState | undefined> {
    let state = from;
    for (const event of await readAll(this.log, streamId, range, this.database)) state = evolve(state, event);
    return state.messages[messageId];
  }
}

/** What grows of a message. */
function grown(message: MessageState | undefined): ReadModelRow {
  return {
    content: message?.content,
    blocks: message?.blocks,
    metadata: message?.metadata,
    streaming_status: message?.streamingStatus,
    updated_seq: message?.updatedSeq,
    updated_at: message?.updatedAt,
  };
}

function keyOf({ id, valid_from }: ReadModelRow): string {
  return `${String(id)}:${String(valid_from)}`;
}
