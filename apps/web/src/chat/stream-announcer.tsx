import type { Message } from '#contracts';
import { useEffect, useRef, useState } from 'react';
import { words } from '../words/words.js';
import { outcomeOf } from './message-outcome.js';

type Props = { isBusy: boolean; last: Message | undefined };

/**
 * Tells those who do not see the page that an answer has begun, and how it ended. The text itself is not read out while it
 * streams: a voice that starts again with every word says nothing.
 */
export function StreamAnnouncer({ isBusy, last }: Props) {
  const [text, setText] = useState('');
  const wasBusy = useRef(false);
  useEffect(() => {
    if (isBusy === wasBusy.current) return;
    wasBusy.current = isBusy;
    setText(isBusy ? words.chat.announceStart : endOf(last));
  }, [isBusy, last]);
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}

function endOf(last: Message | undefined): string {
  const status = last && outcomeOf(last).status;
  if (status === 'stopped') return words.chat.announceStopped;
  return status === 'error' || status === 'interrupted' ? words.chat.announceFailed : words.chat.announceEnd;
}
