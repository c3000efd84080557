import type { StreamStatus } from '#client';
import { useEffect, useState } from 'react';
import { words } from '../words/words.js';

const looks: Record<StreamStatus, string> = {
  live: 'bg-live',
  shared: 'bg-live',
  polling: 'bg-live',
  connecting: 'bg-faint animate-pulse',
  closed: 'bg-faint',
  waiting: 'bg-past animate-pulse',
  offline: 'bg-danger',
};
const isWell: Record<StreamStatus, boolean> = {
  live: true,
  shared: true,
  polling: true,
  connecting: true,
  closed: true,
  waiting: false,
  offline: false,
};
/** A change of servers is over sooner than that, and nobody need know. */
const PATIENCE_MS = 1_000;

type Props = { status: StreamStatus; onReconnect: () => void };

/** How the page stands with the server: a dot while all is well, words and a way out when it is not. */
export function ConnectionBadge({ status, onReconnect }: Props) {
  const isBad = useLasting(!isWell[status], PATIENCE_MS);
  const label = words.connection[status];
  return (
    <p
      role="status"
      data-connection={status}
      title={label}
      className={`flex items-center gap-2 rounded-full text-xs ${isBad ? 'bg-past-ground px-3 py-1 font-medium text-past' : 'text-soft'}`}
    >
      <span className={`size-2 shrink-0 rounded-full ${looks[status]}`} aria-hidden />
      <span className={isBad ? '' : 'sr-only'}>{isBad ? label : words.connection.label(label)}</span>
      {isBad && (
        <button type="button" className="underline underline-offset-2" onClick={onReconnect}>
          {words.connection.reconnect}
        </button>
      )}
    </p>
  );
}

/** True once it has been true for so long. */
function useLasting(isTrue: boolean, ms: number): boolean {
  const [hasLasted, setHasLasted] = useState(false);
  useEffect(() => {
    if (!isTrue) {
      setHasLasted(false);
      return;
    }
    const timer = setTimeout(() => setHasLasted(true), ms);
    return () => clearTimeout(timer);
  }, [isTrue, ms]);
  return isTrue && hasLasted;
}
