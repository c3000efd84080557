import { Injectable } from '@nestjs/common';
import { LruMap } from '#commands';
import { EventLog, type RecordedEvent, type StreamInfo } from '#event-log';
import {
  deltaEventType,
  foldEvents,
  initialState,
  prune,
  reducerVersion,
  type ConversationState,
} from '#model';

/** What a decision needs of a conversation, as of the log's head. */
export type LoadedConversation = {
  info: StreamInfo;
  /** Pruned: only unfinished messages. `seq` is the head of the log, deltas included. */
  state: ConversationState;
  /** Events folded since the last known snapshot. */
  sinceSnapshot: number;
};

type Folded = Pick<LoadedConversation, 'state' | 'sinceSnapshot'> & { epoch: string };

/** One small read shows the head and the whole tail when no more than this came since. */
const shortTail = 32;
const pageSize = 1000;

/**
 * Loads conversations for deciding: the newest snapshot and the tail after it, without deltas (an unfinished message
 * need not be folded to be cancelled). Kept states only shorten the tail: every load reads the log on to its head.
 */
@Injectable()
export class ConversationRepository {
  private readonly folded = new LruMap<string, Folded>(500);

  constructor(private readonly log: EventLog) {}

  /** The conversation at the head of its log; null when there is none. @throws LogUnavailable */
  async load(streamId: string): Promise<LoadedConversation | null> {
    const info = await this.info(streamId);
    if (!info) return null;
    const epoch = await this.log.epoch();
    const kept = this.folded.get(streamId);
    const next =
      (kept?.epoch === epoch ? await this.readOn(streamId, kept) : null) ?? (await this.fold(streamId));
    this.folded.set(streamId, { ...next, epoch });
    return { info, ...next };
  }

  /** Tenant, owner and lineage, which never change and which the log keeps; null when there is no such conversation. */
  async info(streamId: string): Promise<StreamInfo | null> {
    const info = await this.log.info(streamId);
    return info?.kind === 'conversation' ? info : null;
  }

  /** A snapshot as of `seq` is in the log: the next one can wait. */
  snapshotTaken(streamId: string, seq: number): void {
    const kept = this.folded.get(streamId);
    if (kept?.state.seq === seq) this.folded.set(streamId, { ...kept, sinceSnapshot: 0 });
  }

  /** From a kept state in one read; null when too much came since. */
  private async readOn(
    streamId: string,
    { state, sinceSnapshot }: Folded,
  ): Promise<Omit<Folded, 'epoch'> | null> {
    const newestFirst = await this.log.read(streamId, {
      after: state.seq,
      direction: 'backward',
      limit: shortTail,
    });
    if (newestFirst.length === shortTail) return null;
    const head = newestFirst[0]?.seq ?? state.seq;
    const tail = newestFirst.toReversed().filter(({ type }) => type !== deltaEventType);
    return { state: foldOn(state, tail, head), sinceSnapshot: sinceSnapshot + tail.length };
  }

  private async fold(streamId: string): Promise<Omit<Folded, 'epoch'>> {
    const snapshot = await this.log.snapshot(streamId, reducerVersion);
    // The head first: events that come later are not in a state that claims to be of this head.
    const head = await this.log.head(streamId);
    const usable = snapshot && snapshot.seq <= head;
    let state = usable ? (snapshot.state as ConversationState) : initialState(streamId);
    let sinceSnapshot = 0;
    for (let after = usable ? snapshot.seq : 0; ;) {
      const page = await this.log.read(streamId, { after, upTo: head, withoutDeltas: true, limit: pageSize });
      state = foldOn(state, page, head);
      sinceSnapshot += page.length;
      if (page.length < pageSize) return { state, sinceSnapshot };
      after = page.at(-1)!.seq;
    }
  }
}

function foldOn(from: ConversationState, events: RecordedEvent[], head: number): ConversationState {
  const state = foldEvents(from.id, events, from);
  return { ...(events.length > 0 ? prune(state) : state), seq: head };
}
