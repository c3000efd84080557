import { assistantFold, evolve, initialState, type InFlight, type LoggedEvent } from '#model';
import { foldKeyframe } from './fold-keyframe.js';
import { copyKeyframe, emptyKeyframe, keyframeOf, type Keyframe } from './keyframe.js';
import type { MomentSource } from './moment-source.js';

/** Events between two kept keyframes: folding them takes a few milliseconds, less than a frame of the screen. */
const STRIDE = 25;
/** An answer of more deltas than this before the page is not folded: the server tells its moments one by one. */
const LONGEST_ANSWER = 5_000;
/** States that a page asks for in its midst, at most: a page that needs more is told by the server from there on. */
const MOST_STATES = 12;

/** An answer that is being written, and up to which seq it is folded. */
export type AnswerSoFar = { inFlight: InFlight; seq: number };

export type MomentPageOptions = {
  conversationId: string;
  epoch: string;
  /** Messages of a state. */
  messages: number;
  /** What is known of an answer from pages that are loaded already. */
  answerBefore?: (messageId: string, seq: number) => AnswerSoFar | undefined;
};

/**
 * The events of one stretch of the log, and keyframes among them, so that any moment of it is a short fold away. A stretch that
 * reaches the head grows with it.
 */
export class MomentPage {
  /** By seq; the first is the moment that the stretch begins after. */
  private readonly frames: Keyframe[] = [];
  private readonly events: LoggedEvent[] = [];
  private last: Keyframe | undefined;
  private states = 0;
  private stopped = false;

  constructor(
    readonly from: number,
    private readonly source: MomentSource,
    private readonly options: MomentPageOptions,
  ) {}

  /** The last moment that can be shown. */
  get reached(): number {
    return this.last?.state.seq ?? -1;
  }

  /** Whether `upTo` needs a further load. */
  isShortOf(upTo: number): boolean {
    return !this.stopped && this.reached < upTo;
  }

  /** Loads what is missing up to a seq. To be called by one caller at a time. */
  async load(upTo: number, signal?: AbortSignal): Promise<void> {
    if (!this.last) {
      this.last = await this.base(signal);
      this.frames.push(copyKeyframe(this.last));
    }
    const after = this.events.at(-1)?.seq ?? this.from;
    if (after < upTo) this.events.push(...(await this.source.events(after, upTo, signal)));
    while (!this.stopped && this.last.state.seq < upTo) {
      const event = this.events[this.last.state.seq - this.from];
      if (!event) return;
      this.last = await this.next(this.last, event, signal);
    }
  }

  /** The moment right after a seq, from what is loaded. */
  at(seq: number): Keyframe | undefined {
    if (seq < this.from || seq > this.reached) return undefined;
    const nearest = this.frames.findLast(({ state }) => state.seq <= seq);
    if (!nearest) return undefined;
    const frame = copyKeyframe(nearest);
    for (const event of this.events.slice(nearest.state.seq - this.from, seq - this.from))
      foldKeyframe(frame, event);
    return frame;
  }

  /** When the event of a seq was recorded, in milliseconds; undefined where it is not loaded. */
  timeOf(seq: number): number | undefined {
    const event = this.events[seq - this.from - 1];
    return event && Date.parse(event.at);
  }

  /** The answer as far as it had come at the latest keyframe up to a seq. */
  answerBefore(messageId: string, seq: number): AnswerSoFar | undefined {
    const frame = this.frames.findLast(
      ({ state }) => state.seq <= seq && state.inFlight?.messageId === messageId,
    );
    return frame?.state.inFlight ? { inFlight: frame.state.inFlight, seq: frame.state.seq } : undefined;
  }

  private async base(signal?: AbortSignal): Promise<Keyframe> {
    const { conversationId, epoch, messages } = this.options;
    if (this.from === 0) return emptyKeyframe(conversationId, epoch);
    const page = await this.source.state(this.from, { limit: messages, signal });
    const { halfWritten, turn } = page.state;
    if (!halfWritten || halfWritten.seq === this.from || !turn) return keyframeOf(page);
    const known = this.options.answerBefore?.(halfWritten.id, this.from) ?? {
      inFlight: {
        turnId: turn.id,
        messageId: halfWritten.id,
        startedSeq: halfWritten.seq,
        fold: assistantFold.start(),
      },
      seq: halfWritten.seq,
    };
    return keyframeOf(page, await this.foldAnswer(known, signal));
  }

  /** The answer at the beginning of the page, from its own deltas; null where they are too many. */
  private async foldAnswer({ inFlight, seq }: AnswerSoFar, signal?: AbortSignal): Promise<InFlight | null> {
    if (this.from - seq > LONGEST_ANSWER) return null;
    const events = seq < this.from ? await this.source.events(seq, this.from, signal) : [];
    let state = { ...initialState(this.options.conversationId), seq, inFlight };
    for (const event of events) state = evolve(state, event) as typeof state;
    return state.inFlight;
  }

  private async next(frame: Keyframe, event: LoggedEvent, signal?: AbortSignal): Promise<Keyframe> {
    const copy = copyKeyframe(frame);
    const folded = foldKeyframe(copy, event);
    if (folded === 'lost' || (folded === 'unknown' && this.states === MOST_STATES)) {
      this.stopped = true;
      return frame;
    }
    if (folded === 'unknown') {
      this.states += 1;
      const page = await this.source.state(event.seq, { limit: this.options.messages, signal });
      return this.keep(keyframeOf(page, copy.state.inFlight));
    }
    const since = event.seq - (this.frames.at(-1)?.state.seq ?? 0);
    return since >= STRIDE ? this.keep(copy) : copy;
  }

  private keep(frame: Keyframe): Keyframe {
    this.frames.push(copyKeyframe(frame));
    return frame;
  }
}
