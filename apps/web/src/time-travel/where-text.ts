import type { MomentView, TimeTravelState, Whereabouts } from '#react';
import { momentAction } from '#react';
import { actionText } from './action-text.js';
import { formatTime } from '../words/format.js';
import { words } from '../words/all-words.js';

type Place = Pick<TimeTravelState, 'position' | 'isExact'> & {
  whereabouts: Whereabouts | null;
  view: MomentView | null;
};

/** Where one is, in words: "message 4 of 12, 14:03, writing index.html". What is not known yet is left out. */
export function whereText({ position, isExact, whereabouts, view }: Place): string {
  const { timeTravel } = words;
  if (!whereabouts) return '';
  const { message, messages, version } = whereabouts;
  if (position === null) return timeTravel.atNow(messages);
  const action = view && isExact ? momentAction(view) : null;
  return [
    message === 0 ? timeTravel.beforeMessages : timeTravel.messageOf(message, messages),
    ...(version === null ? [] : [timeTravel.versionAt(version)]),
    ...(view && isExact ? [formatTime(view.at)] : []),
    ...(action ? [actionText(action)] : []),
  ].join(', ');
}
