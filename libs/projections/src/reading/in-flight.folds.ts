import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { assistantFold, evolve, initialState, type ConversationState, type MessageState } from '#model';
import type { Queryable } from '#platform';
import type { EvolveChanges } from '../folding/evolve.fold.js';
import { BoundedCache } from './bounded-cache.js';
import { readAll } from './logged-events.js';
import { ReadFolds } from './read-folds.js';

/** Answers that are followed at once, about: each is at most some hundred kilobytes. */
const CAPACITY = 200;

/** Where an answer is read: in which stream, of which history, and whether its events are to be folded with care. */
export type AnswerPlace = { q: Queryable; streamId: string; epoch: string; suspect: boolean };

/**
 * Messages in flight, exact at any seq: folded from their own events, because their rows lag. The fold is kept by message,
 * so whoever follows an answer pays for what is new. Events never change, so what is kept is never wrong within an epoch.
 */
@Injectable()
export class InFlightFolds {
  private readonly cache = new BoundedCache<{ seq: number; state: ConversationState }>(CAPACITY);

  constructor(
    private readonly log: EventLog,
    private readonly folds: ReadFolds,
  ) {}

  /** The answer after the events up to `upTo`. `version` is any version of it: only what never changes is taken from it. */
  async answer(
    { q, streamId, epoch, suspect }: AnswerPlace,
    version: MessageState,
    upTo: number,
  ): Promise<MessageState> {
    const key = `${epoch}:${streamId}:${version.id}`;
    const cached = this.cache.get(key);
    const from =
      cached && cached.seq <= upTo ? cached : { seq: version.seq, state: beginAnswer(streamId, version) };
    let { state } = from;
    if (from.seq < upTo) {
      const events = await readAll(this.log, streamId, { after: from.seq, upTo }, q);
      ({ state } = await this.folds.fold<EvolveChanges>({
        streamId,
        fold: 'evolve',
        context: { state },
        events,
        suspect,
      }));
      if (!cached || cached.seq < upTo) this.cache.set(key, { seq: upTo, state });
    }
    return state.messages[version.id] ?? version;
  }

  /** The message after the chunks in (foldedSeq, upTo]; `base` is the message as of foldedSeq. */
  async chunks(
    q: Queryable,
    streamId: string,
    base: MessageState,
    foldedSeq: number,
    upTo: number,
  ): Promise<MessageState> {
    const range = { after: foldedSeq, upTo, types: ['MessageChunkAppended'] };
    const events = await readAll(this.log, streamId, range, q);
    let state: ConversationState = { ...initialState(streamId), messages: { [base.id]: base } };
    for (const event of events) state = evolve(state, event);
    return state.messages[base.id] ?? base;
  }
}

/** The answer as it was made, before its first delta. */
export function beginAnswer(streamId: string, version: MessageState): ConversationState {
  const message: MessageState = {
    ...version,
    content: '',
    blocks: [],
    metadata: {},
    repairs: {},
    streamingStatus: 'pending',
    updatedSeq: version.seq,
    updatedAt: version.createdAt,
  };
  const inFlight = {
    turnId: version.turnId ?? '',
    messageId: version.id,
    startedSeq: version.seq,
    fold: assistantFold.start(),
  };
  return { ...initialState(streamId), seq: version.seq, inFlight, messages: { [version.id]: message } };
}
