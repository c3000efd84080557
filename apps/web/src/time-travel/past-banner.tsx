import { GitCompare, GitFork, History, Link2, RotateCcw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { UseTimeTravelResult } from '#react';
import { words } from '../words/all-words.js';
import type { usePastActions } from './use-past-actions.js';
import { whereText } from './where-text.js';

type Props = {
  travel: UseTimeTravelResult;
  actions: ReturnType<typeof usePastActions>;
  isComparing: boolean;
  onCompare: () => void;
};

/** The amber bar: what is on the screen is the past, and what one can do with it. */
export function PastBanner({ travel, actions, isComparing, onCompare }: Props) {
  const { position, isExact, error, goTo, retry } = travel;
  const { timeTravel } = words;
  if (position === null) return null;
  const { version, current, busy } = actions;
  const isCurrent = version > 0 && version === current;
  return (
    <section
      aria-label={timeTravel.past}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-past/25 bg-past-ground px-4 py-1.5 text-sm text-past"
    >
      <p className="min-w-40 grow">
        <History size={16} strokeWidth={1.75} aria-hidden className="me-2 inline align-[-3px]" />
        <strong className="font-semibold">{timeTravel.past}</strong>
        {': '}
        <span>{whereText(travel)}</span>
        {!isExact && !error && <span className="opacity-80"> · {timeTravel.loading}</span>}
        {error && (
          <span role="alert">
            {' '}
            · {timeTravel.failed(error.message)}{' '}
            <button type="button" onClick={retry} className="underline underline-offset-2">
              {timeTravel.retry}
            </button>
          </span>
        )}
      </p>
      <div className="flex flex-wrap items-center gap-1">
        {!isComparing && (
          <Action icon={GitCompare} onClick={onCompare}>
            {timeTravel.compare}
          </Action>
        )}
        {version > 0 && (
          <Action
            icon={RotateCcw}
            disabled={busy !== null || isCurrent || !isExact}
            title={isCurrent ? timeTravel.restoreCurrent(version) : undefined}
            onClick={() => void actions.restore(version)}
          >
            {busy === 'restore' ? timeTravel.restoring : timeTravel.restore(version)}
          </Action>
        )}
        <Action icon={GitFork} disabled={busy !== null} onClick={() => void actions.fork(position)}>
          {busy === 'fork' ? timeTravel.forking : timeTravel.fork}
        </Action>
        <button
          type="button"
          aria-label={timeTravel.copyLink}
          title={timeTravel.copyLink}
          onClick={() => actions.copyLink(position)}
          className="grid size-7 place-items-center rounded-lg hover:bg-past/15"
        >
          <Link2 size={15} strokeWidth={1.75} aria-hidden />
        </button>
        <button
          type="button"
          onClick={() => goTo(null)}
          className="rounded-lg bg-past px-2.5 py-1 font-medium text-past-ground hover:opacity-90"
        >
          {timeTravel.backToNow}
        </button>
      </div>
    </section>
  );
}

type ActionProps = {
  icon: LucideIcon;
  onClick: () => void;
  disabled?: boolean;
  title?: string;
  children: ReactNode;
};

function Action({ icon: Icon, onClick, disabled, title, children }: ActionProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      disabled={disabled}
      title={title}
      className="flex items-center gap-1.5 rounded-lg px-2 py-1 hover:bg-past/15 disabled:opacity-50 disabled:hover:bg-transparent"
    >
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      {children}
    </button>
  );
}
