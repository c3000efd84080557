import type { ConversationTimelineResource, Message } from '#contracts';
import type { MomentView } from './moments/moment-view.js';
import type { Speed } from './playback/playback.js';
import type { TrackKind } from './tracks/track.js';

/** All that a slider shows. A new object whenever something of it changes. */
export type TimeTravelState = {
  /** The track; null until it is loaded. */
  timeline: ConversationTimelineResource | null;
  trackKind: TrackKind;
  /** The seq that is looked at; null: now. */
  position: number | null;
  /** What is shown of it: the moment itself, or the nearest one that is loaded while it is on its way. */
  view: MomentView | null;
  /** `view` is the moment of `position`, its files included. */
  isExact: boolean;
  /** Messages before those of `view`, once they were asked for; forgotten when the position changes. */
  earlier: readonly Message[];
  /** There are messages before all that is loaded. */
  hasEarlier: boolean;
  isLoadingEarlier: boolean;
  playing: boolean;
  speed: Speed;
  /** Why the moment or the track could not be loaded. */
  error: Error | null;
};

/** Now, with nothing loaded. */
export function initialTimeTravel(): TimeTravelState {
  return {
    timeline: null,
    trackKind: 'token',
    position: null,
    view: null,
    isExact: false,
    earlier: [],
    hasEarlier: false,
    isLoadingEarlier: false,
    playing: false,
    speed: 1,
    error: null,
  };
}
