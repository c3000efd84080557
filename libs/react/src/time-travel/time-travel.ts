import { Moments } from './moments/moments.js';
import type { MomentSource } from './moments/moment-source.js';
import type { MomentView } from './moments/moment-view.js';
import { Player } from './playback/player.js';
import type { Speed } from './playback/playback.js';
import { pageClock, type TimeTravelClock } from './time-travel-clock.js';
import { initialTimeTravel, type TimeTravelState } from './time-travel-state.js';
import { trackOf, type Track, type TrackKind } from './tracks/track.js';
import { markAfter, markBefore } from './tracks/where.js';

/** How often the track of a growing log is loaded. */
const FOLLOW_MS = 1_000;
/** How long the slider must rest before what lies around it is loaded. */
const REST_MS = 120;

export type TimeTravelOptions = { conversationId: string; at?: number | null; clock?: TimeTravelClock };

/**
 * A slider through everything that happened to one conversation. The newest position wins: an answer for an older one is never
 * shown in its place. What is loaded is shown at once. It asks for one moment at a time, and loads the events around a
 * position once the slider rests.
 */
export class TimeTravel {
  readonly moments: Moments;
  private readonly clock: TimeTravelClock;
  private readonly player: Player;
  private readonly listeners = new Set<() => void>();
  private readonly stopping = new AbortController();
  private current = initialTimeTravel();
  private isAsking = false;
  private cancelRest: (() => void) | undefined;
  private cancelFollow: (() => void) | undefined;
  private earlierCursor: string | undefined;

  constructor(
    private readonly source: MomentSource,
    { conversationId, at = null, clock = pageClock() }: TimeTravelOptions,
  ) {
    this.clock = clock;
    this.moments = new Moments(source, { conversationId });
    this.current = { ...this.current, position: at };
    this.player = new Player(clock, {
      recording: () => ({ last: this.head, timeOf: (seq) => this.moments.timeOf(seq) }),
      load: (seq) => this.moments.load(seq),
      show: (seq) => this.show(seq),
      end: (error) => (error === undefined ? this.change({ playing: false }) : this.fail(error)),
    });
  }

  get state(): TimeTravelState {
    return this.current;
  }

  /** Calls `listener` after every change; gives what ends it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Loads the track, or loads it anew, and then shows the position. An error is in `state`. */
  async refresh(): Promise<void> {
    try {
      const timeline = await this.source.timeline(this.stopping.signal);
      const { epoch } = timeline;
      const other = this.current.timeline !== null && this.current.timeline.epoch !== epoch;
      this.moments.setHead(timeline.seq, epoch);
      this.change({ timeline, error: null, ...(other && { view: null, isExact: false }) });
      if (this.current.position !== null) this.show(this.current.position);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends all that runs. */
  stop(): void {
    this.player.pause();
    this.cancelRest?.();
    this.cancelFollow?.();
    this.stopping.abort();
    this.moments.stop();
    this.listeners.clear();
  }

  /** Shows a seq, or now. Playing ends. */
  goTo(seq: number | null): void {
    this.pause();
    this.show(seq);
  }

  /** So many positions of the track on, or back. The end of the track is the head, not now. */
  step(steps: number): void {
    const { track } = this;
    if (!track) return;
    const { seqAt, positionOf } = track;
    const seq = this.current.position ?? this.head;
    this.goTo(seqAt(positionOf(seq) + steps));
  }

  /** The next mark, or the one before. Where there is none it stays. */
  toMark(direction: 1 | -1): void {
    const { timeline, position } = this.current;
    if (!timeline) return;
    const seq = position ?? this.head;
    const mark = direction === 1 ? markAfter(timeline, seq) : markBefore(timeline, seq);
    if (mark) this.goTo(mark.seq);
  }

  setTrack(trackKind: TrackKind): void {
    this.change({ trackKind });
  }

  setSpeed(speed: Speed): void {
    this.player.speed = speed;
    this.change({ speed });
  }

  /** Plays on from the position; from the beginning where one is at the end. */
  play(): void {
    if (this.current.playing || this.head === 0) return;
    const { position } = this.current;
    const from = position === null || position >= this.head ? 1 : position;
    this.change({ playing: true });
    this.show(from);
    this.player.play(from);
  }

  pause(): void {
    if (!this.current.playing) return;
    this.player.pause();
    this.change({ playing: false });
  }

  /** Loads a page of the messages before those that are shown. */
  async loadEarlier(): Promise<void> {
    const { view, isLoadingEarlier, isExact } = this.current;
    const cursor = this.earlierCursor ?? view?.prev;
    if (!view || !isExact || cursor === undefined || isLoadingEarlier) return;
    this.change({ isLoadingEarlier: true, error: null });
    try {
      const { messages, prev } = await this.moments.before(view.seq, cursor, this.stopping.signal);
      if (this.current.position !== view.seq) return;
      this.earlierCursor = prev;
      const earlier = [...messages, ...this.current.earlier];
      this.change({ earlier, hasEarlier: prev !== undefined, isLoadingEarlier: false });
    } catch (error) {
      this.change({ isLoadingEarlier: false });
      this.fail(error);
    }
  }

  /** The log has grown: the track is loaded anew soon, at most once a second. */
  follow(head: number): void {
    if (head <= this.head || this.cancelFollow || this.stopping.signal.aborted) return;
    this.cancelFollow = this.clock.after(FOLLOW_MS, () => {
      this.cancelFollow = undefined;
      void this.refresh();
    });
  }

  /** Asks again for what failed. */
  retry(): void {
    if (this.current.timeline === null) void this.refresh();
    else if (this.current.position !== null) this.show(this.current.position);
  }

  /** The track that the slider runs on; null until it is loaded. */
  get track(): Track | null {
    const { timeline, trackKind } = this.current;
    return timeline && trackOf(timeline, trackKind);
  }

  private get head(): number {
    return this.current.timeline?.seq ?? 0;
  }

  private show(wanted: number | null): void {
    this.cancelRest?.();
    if (wanted === null) {
      this.change({ position: null, view: null, isExact: false, error: null });
      return;
    }
    if (this.head === 0) {
      this.change({ position: Math.max(1, wanted) });
      return;
    }
    const position = Math.min(Math.max(1, wanted), this.head);
    const view = this.moments.peek(position);
    if (view) this.change({ position, view, isExact: view.filesKnown, error: null });
    else this.change({ position, isExact: false, error: null });
    if (!view?.filesKnown) void this.ask();
    this.cancelRest = this.clock.after(REST_MS, () => void this.rest());
  }

  /** One request at a time; when it is answered the position may be another one, which is then asked for. */
  private async ask(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      for (;;) {
        const { position, isExact } = this.current;
        if (position === null || isExact || this.stopping.signal.aborted) return;
        const view = this.moments.peek(position);
        if (!view) this.answered(await this.moments.ask(position, this.stopping.signal));
        else if (!view.filesKnown) await this.moments.askFiles(position, this.stopping.signal);
        this.update();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.isAsking = false;
    }
  }

  /** The position, if it can be shown by now. */
  private update(): void {
    const { position } = this.current;
    const view = position === null ? undefined : this.moments.peek(position);
    if (view) this.change({ view, isExact: view.filesKnown });
  }

  /** An answer for a position that was left is better than a farther one, until the right one comes. */
  private answered(view: MomentView): void {
    const { position, isExact, view: shown } = this.current;
    if (position === null || isExact) return;
    const distance = (seq: number | undefined) => Math.abs((seq ?? Infinity) - position);
    if (distance(view.seq) < distance(shown?.seq)) this.change({ view, isExact: view.seq === position });
  }

  /** Loads the events around a position, so that the next steps need no request. */
  private async rest(): Promise<void> {
    const { position } = this.current;
    if (position === null) return;
    try {
      for (const around of [0, 1, -1]) {
        const seq = position + around * this.moments.stride;
        if (this.current.position !== position) return;
        if (this.moments.isMissing(seq)) await this.moments.load(seq);
      }
    } catch {
      // what lies around is a convenience: the position itself is asked for, and tells of its failure
    }
  }

  private fail(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    this.change({ error: error instanceof Error ? error : new Error(String(error)), playing: false });
  }

  private change(changes: Partial<TimeTravelState>): void {
    const { position, view } = this.current;
    this.current = { ...this.current, ...changes };
    if (position !== this.current.position || view?.prev !== this.current.view?.prev) {
      this.earlierCursor = undefined;
      const hasEarlier = this.current.view?.prev !== undefined;
      this.current = { ...this.current, earlier: [], hasEarlier, isLoadingEarlier: false };
    }
    for (const listener of this.listeners) listener();
  }
}
