import type { RecordedEvent } from '#event-log';
import {
  buildRequest,
  deltaEventType,
  evolve,
  isContextLoaded,
  unansweredCalls,
  type ConversationState,
  type RequestSettings,
  type UnansweredCall,
} from '#model';
import { hashRequest, readContextState, type HashedRequest } from './context-reader.js';
import type { LogReads } from './log-reads.js';

/**
 * The end of the conversation that a turn's requests are made of. It is read once and then follows the log event by event:
 * between a lost race for the head and the next try there is no time to read it again (a runner that did lost to two busy
 * writers for ever: measured).
 */
export class TurnContext {
  private state: ConversationState | null = null;

  constructor(
    private readonly reads: LogReads,
    private readonly settings: (state: ConversationState) => RequestSettings,
  ) {}

  /** Takes note of the next event of the log. */
  follow({ seq, type, at, schemaVersion, data, metadata }: RecordedEvent): void {
    if (this.state === null) return;
    // A finished answer comes whole with its last event.
    if (type === deltaEventType) this.state.seq = seq;
    else this.state = evolve(this.state, { seq, type, at, schemaVersion, data, metadata });
  }

  /** Reads as much as the turn's next request needs, unless it is there. `state` is at the head. @throws LogUnavailable */
  async load(state: ConversationState): Promise<void> {
    const { tipId } = state.turn!;
    const settings = this.settings(state);
    if (this.state !== null && isContextLoaded(this.state, tipId, settings)) return;
    this.state = await readContextState(
      this.reads,
      { conversationId: state.id, seq: state.seq, tipId },
      settings,
    );
  }

  /** What Claude is sent in this state. */
  request(state: ConversationState): HashedRequest {
    return hashRequest(buildRequest(this.loaded(state), state.turn!.tipId, this.settings(state)));
  }

  /** Tool calls on the turn's way that aborted turns left open. */
  unanswered(state: ConversationState): UnansweredCall[] {
    return unansweredCalls(this.loaded(state), state.turn!.tipId);
  }

  private loaded({ seq }: ConversationState): ConversationState {
    if (this.state?.seq !== seq)
      throw new Error(`the context is at ${this.state?.seq ?? 0}, the log at ${seq}`);
    return this.state;
  }
}
