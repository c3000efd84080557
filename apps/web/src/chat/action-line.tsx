import type { ClaudeAction } from '#react';
import { actionText } from './action-text.js';

/** What Claude does right now, above the composer. It is there while a turn runs, and takes no room otherwise. */
export function ActionLine({ action }: { action: ClaudeAction | null }) {
  if (!action) return null;
  return (
    <p
      className="mx-auto flex w-full max-w-[46rem] items-center gap-2 px-5 pb-1.5 text-[0.8125rem] text-soft sm:px-7"
      data-action
    >
      <span className="relative flex size-2" aria-hidden>
        <span className="absolute inline-flex size-full animate-ping rounded-full bg-live opacity-60" />
        <span className="relative inline-flex size-2 rounded-full bg-live" />
      </span>
      <span className="truncate">{actionText(action)}</span>
    </p>
  );
}
