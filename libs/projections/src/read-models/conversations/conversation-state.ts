import { Injectable } from '@nestjs/common';
import type { Conversation, Message } from '#contracts';
import { EventLog } from '#event-log';
import {
  deltaEventType,
  initialState,
  selectedPath,
  siblingPlaces,
  type LoggedEvent,
  type Marker,
} from '#model';
import type { Queryable } from '#platform';
import { isSuspect } from '../../checkpoints/checkpoint.js';
import type { EvolveChanges } from '../../folding/evolve.fold.js';
import { readAll } from '../../reading/logged-events.js';
import { ReadFolds } from '../../reading/read-folds.js';
import type { Reader } from '../../reading/reader.js';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { deltaSpans } from '../messages/delta-spans.js';
import { messageResource } from '../messages/message-resource.js';
import { conversationResource } from './conversation-resource.js';
import { fieldsOfState } from './conversation.row.js';

/** What a conversation was at a seq. */
export type ConversationStateAt = {
  seq: number;
  /** When the event at `seq` was recorded. */
  at: string;
  conversation: Conversation;
  /** The branch that was selected then, in the shape of the message list. */
  messages: Message[];
  /** The newest turn then. */
  turn?: { id: string; status: string };
  markers: Marker[];
};

/** The state at a seq or time, folded from the log alone: deltas are read only of answers that were cut off or open then. */
@Injectable()
export class ConversationState {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly folds: ReadFolds,
  ) {}

  async at(reader: Reader, id: string, at?: number | string): Promise<ConversationStateAt | null> {
    const asked = typeof at === 'number' ? at : undefined;
    const found = await this.snapshots.read(reader, id, asked, async (snapshot) => {
      const seq = typeof at === 'string' ? await this.seqAtTime(snapshot, at) : snapshot.at;
      return seq === 0 ? null : this.fold({ ...snapshot, at: seq });
    });
    return found ?? null;
  }

  private async fold({ q, stream, at, epoch }: Snapshot): Promise<ConversationStateAt> {
    const { streamId } = stream;
    const events = await this.events(q, streamId, at);
    const { state, markers } = await this.folds.fold<EvolveChanges>({
      streamId,
      fold: 'evolve',
      context: { state: initialState(streamId) },
      events,
      suspect: await isSuspect(q, streamId),
    });
    const places = siblingPlaces(state);
    const messages = selectedPath(state).map((message) =>
      messageResource(streamId, message, places.get(message.id) ?? { index: 0, count: 1 }),
    );
    return {
      seq: at,
      at: await this.timeOf(q, streamId, at),
      conversation: conversationResource({ id: streamId, seq: at, epoch }, fieldsOfState(state)),
      messages,
      ...(state.turn && { turn: { id: state.turn.turnId, status: state.turn.status } }),
      markers,
    };
  }

  private async events(q: Queryable, streamId: string, upTo: number): Promise<LoggedEvent[]> {
    const events = await readAll(this.log, streamId, { after: 0, upTo, withoutDeltas: true }, q);
    const { cutOff, open } = deltaSpans(null, events);
    const spans = open ? [...cutOff, { after: open.startedSeq, upTo }] : cutOff;
    const deltas: LoggedEvent[] = [];
    for (const span of spans) {
      const range = { after: span.after, upTo: span.upTo, types: [deltaEventType] };
      deltas.push(...(await readAll(this.log, streamId, range, q)));
    }
    return deltas.length === 0 ? events : [...events, ...deltas].toSorted((a, b) => a.seq - b.seq);
  }

  /** The last seq that was recorded at or before the time; 0 when all are later. Times never fall within a stream. */
  private async seqAtTime({ q, stream, head }: Snapshot, time: string): Promise<number> {
    const wanted = Date.parse(time);
    let [low, high] = [0, head];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const recorded = Date.parse(await this.timeOf(q, stream.streamId, middle));
      if (recorded <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private async timeOf(q: Queryable, streamId: string, seq: number): Promise<string> {
    const [event] = await this.log.read(streamId, { after: seq - 1, limit: 1 }, q);
    if (!event) throw new Error(`stream ${streamId} has no event ${seq}`);
    return event.at;
  }
}
