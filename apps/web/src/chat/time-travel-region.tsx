import { useTimeTravel } from '#react';
import { useLayoutEffect } from 'react';
import { TimeTravelBar } from '../time-travel/time-travel-bar.js';
import type { TimeTravelPort } from './past-view.js';

type Props = { conversationId: string; onMove: (port: TimeTravelPort) => void };

/** The slider, and what it shows told to the chat above it. Loaded after the chat itself: what is now comes first. */
export function TimeTravelRegion({ conversationId, onMove }: Props) {
  const { isPast, messages, hasEarlier, isLoadingEarlier, loadEarlier, error, view, goTo } =
    useTimeTravel(conversationId);
  const project = view?.project;
  // before the page is painted, so that the slider and the messages show the same moment
  useLayoutEffect(() => {
    const past = isPast ? { messages, hasEarlier, isLoadingEarlier, loadEarlier, error, project } : null;
    onMove({ past, goTo });
  }, [error, goTo, hasEarlier, isLoadingEarlier, isPast, loadEarlier, messages, onMove, project]);
  return <TimeTravelBar conversationId={conversationId} />;
}
