import type { Message } from '#contracts';
import type { Speed } from './playback/playback.js';
import type { TimeTravelState } from './time-travel-state.js';
import type { TimelineMark, Track, TrackKind } from './tracks/track.js';
import type { Whereabouts } from './tracks/where.js';

export type UseTimeTravelOptions = {
  /** Shows that seq, and each later one that is given; null: now. Absent: whatever was shown last. */
  at?: number | null;
};

/**
 * A slider through everything that happened to a conversation. All that look at the same conversation share it. Functions keep
 * their identity.
 */
export type UseTimeTravelResult = Omit<TimeTravelState, 'earlier'> & {
  /** One looks at the past: nothing can be written there. */
  isPast: boolean;
  /** Where the track ends; 0 until it is loaded. */
  head: number;
  track: Track | null;
  /** Where the position is among messages and versions. */
  whereabouts: Whereabouts | null;
  marks: readonly TimelineMark[];
  /** The messages of the moment that is shown, with those before that were loaded; oldest first. */
  messages: readonly Message[];
  loadEarlier(): Promise<void>;
  goTo(seq: number | null): void;
  /** So many steps of the track. */
  step(steps: number): void;
  toMark(direction: 1 | -1): void;
  setTrack(kind: TrackKind): void;
  setSpeed(speed: Speed): void;
  play(): void;
  pause(): void;
  /** Loads the track anew: after a restore, say. */
  refresh(): Promise<void>;
  /** Asks again for what failed. */
  retry(): void;
};
