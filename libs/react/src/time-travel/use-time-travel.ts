import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useChatLog } from '../chat-log-provider.js';
import { SharedTimeTravels } from './shared-time-travels.js';
import { initialTimeTravel, type TimeTravelState } from './time-travel-state.js';
import type { TimeTravel } from './time-travel.js';
import { trackOf } from './tracks/track.js';
import { whereabouts } from './tracks/where.js';
import type { UseTimeTravelOptions, UseTimeTravelResult } from './use-time-travel.types.js';

const nothing = initialTimeTravel();

/**
 * The slider of a conversation: its track, the moment that is looked at, and what moves it. Reads pages of `timeline`, `state` and
 * `events`, and folds between them with the model's own `evolve`.
 *
 * @example
 * const { position, messages, track, goTo } = useTimeTravel(conversationId);
 * return <input type="range" min={1} max={track?.length ?? 1} onChange={(e) => goTo(track!.seqAt(+e.target.value))} />;
 */
export function useTimeTravel(
  conversationId: string | null | undefined,
  { at }: UseTimeTravelOptions = {},
): UseTimeTravelResult {
  const { client } = useChatLog();
  const travel = useMemo(
    () => (conversationId == null ? null : SharedTimeTravels.of(client).get(conversationId)),
    [client, conversationId],
  );
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!travel || conversationId == null) return () => undefined;
      const release = SharedTimeTravels.of(client).hold(conversationId);
      const end = travel.subscribe(listener);
      return () => {
        end();
        release();
      };
    },
    [client, conversationId, travel],
  );
  const getState = () => travel?.state ?? nothing;
  const state = useSyncExternalStore(subscribe, getState, getState);
  useEffect(() => {
    if (travel && at !== undefined && travel.state.position !== at) travel.goTo(at);
  }, [travel, at]);
  const actions = useMemo(() => actionsOf(travel), [travel]);
  const shown = useMemo(() => shownOf(state), [state]);
  return { ...state, ...shown, ...actions };
}

function shownOf(state: TimeTravelState) {
  const { timeline, trackKind, position, view, earlier } = state;
  const head = timeline?.seq ?? 0;
  return {
    isPast: position !== null,
    head,
    track: timeline && trackOf(timeline, trackKind),
    whereabouts: timeline && whereabouts(timeline, position ?? head),
    marks: timeline?.marks ?? [],
    messages: view ? [...earlier, ...view.messages] : [],
  };
}

function actionsOf(travel: TimeTravel | null) {
  return {
    loadEarlier: () => travel?.loadEarlier() ?? Promise.resolve(),
    goTo: (seq: number | null) => travel?.goTo(seq),
    step: (steps: number) => travel?.step(steps),
    toMark: (direction: 1 | -1) => travel?.toMark(direction),
    setTrack: (kind: TimeTravelState['trackKind']) => travel?.setTrack(kind),
    setSpeed: (speed: TimeTravelState['speed']) => travel?.setSpeed(speed),
    play: () => travel?.play(),
    pause: () => travel?.pause(),
    refresh: () => travel?.refresh() ?? Promise.resolve(),
    retry: () => travel?.retry(),
  };
}
