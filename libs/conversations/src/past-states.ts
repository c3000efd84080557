import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { foldEvents, initialState, prune, reducerVersion, type ConversationState } from '#model';
import type { LoadedConversation } from './conversation.repository.js';

const pageSize = 1000;

/** The decision states of conversations as they were: pruned, and folded from the nearest snapshot before. */
@Injectable()
export class PastStates {
  constructor(private readonly log: EventLog) {}

  /** The state after the event `at`, which is at most the loaded head. @throws LogUnavailable */
  async at({ info, state: head }: LoadedConversation, at: number): Promise<ConversationState> {
    if (at === head.seq) return head;
    const snapshot = await this.log.snapshotAt(info, reducerVersion, at);
    let state = (snapshot?.state as ConversationState | undefined) ?? initialState(info.streamId);
    for (let after = state.seq; ;) {
      const range = { after, upTo: at, withoutDeltas: true, limit: pageSize };
      const page = await this.log.read(info.streamId, range);
      state = prune(foldEvents(info.streamId, page, state));
      if (page.length < pageSize) return { ...state, seq: at };
      after = page.at(-1)!.seq;
    }
  }
}
