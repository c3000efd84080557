import type { RebuildAction } from '#client';
import type { RebuildResource } from '#contracts';
import { formatMoment } from '../words/format.js';
import { words } from '../words/all-words.js';
import { Differences } from './differences.js';
import { QuietButton } from './quiet-button.js';
import { useAdminAction } from './use-admin-action.js';
import { isOver, useLiveRebuild } from './use-live-rebuild.js';

/** What can be done with a rebuild, by how it stands. */
const actions: Record<RebuildResource['status'], RebuildAction[]> = {
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  awaiting_acceptance: ['accept', 'cancel'],
  done: [],
  cancelled: [],
  failed: [],
};

/** One rebuild: how far it is, how fast, when it will be over, and what can be done with it. */
export function RebuildCard({ known }: { known: RebuildResource }) {
  const rebuild = useLiveRebuild(known);
  const { run, isBusy } = useAdminAction();
  const { admin } = words;
  const { id, projection, status, phase, dryRun, streamsDone, streamsTotal, etaSeconds, error, differing } =
    rebuild;
  const label = admin.rebuildOf(projection);
  return (
    <article
      aria-label={label}
      data-status={status}
      className="grid gap-2 rounded-2xl border border-line bg-raised px-4 py-3 text-sm"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">{label}</h3>
        <Status rebuild={rebuild} />
        {dryRun && <span className="text-xs text-faint">{admin.dry}</span>}
        <span className="grow text-xs text-faint">
          {formatMoment(rebuild.startedAt)} · {rebuild.requestedBy}
        </span>
        {actions[status].map((action) => (
          <QuietButton
            key={action}
            disabled={isBusy}
            onClick={() => void run((client, once) => client.admin.act(id, action, once))}
          >
            {admin[action]}
          </QuietButton>
        ))}
      </header>
      {!isOver(rebuild) && (
        <progress
          aria-label={label}
          max={Math.max(1, streamsTotal)}
          value={phase === 'copying' ? streamsDone : undefined}
          className="h-1.5 w-full overflow-hidden rounded-full bg-sunken [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-live [&::-webkit-progress-value]:transition-[width]"
        />
      )}
      <p className="text-xs text-soft tabular-nums">
        {[
          admin.phases[phase],
          admin.progress(streamsDone, streamsTotal),
          admin.eventsDone(rebuild.events),
          ...(rebuild.rate > 0 ? [admin.perSecond(rebuild.rate)] : []),
          ...(rebuild.compared > 0 ? [admin.compared(rebuild.compared)] : []),
          ...(differing === null ? [] : [admin.differing(differing)]),
          ...(etaSeconds === null || isOver(rebuild) ? [] : [admin.eta(admin.seconds(etaSeconds))]),
        ].join(' · ')}
      </p>
      {error !== null && <p className="text-danger">{error}</p>}
      {differing !== null && differing > 0 && <Differences rebuildId={id} />}
    </article>
  );
}

function Status({ rebuild: { status } }: { rebuild: RebuildResource }) {
  const looks = {
    running: 'bg-live-ground text-live',
    paused: 'bg-past-ground text-past',
    awaiting_acceptance: 'bg-past-ground text-past',
    done: 'bg-sunken text-soft',
    cancelled: 'bg-sunken text-soft',
    failed: 'bg-danger-ground text-danger',
  };
  return (
    <span className={`rounded-full px-2 py-px text-xs font-medium ${looks[status]}`}>
      {words.admin.statuses[status]}
    </span>
  );
}
