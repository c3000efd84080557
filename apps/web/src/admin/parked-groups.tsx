import { useState } from 'react';
import type { ParkedGroupResource } from '#contracts';
import { formatMoment } from '../words/format.js';
import { words } from '../words/all-words.js';
import { ParkedStreams } from './parked-streams.js';
import { QuietButton } from './quiet-button.js';
import { Section } from './section.js';
import { useAdminAction } from './use-admin-action.js';
import { useAdminQuery } from './use-admin-query.js';

const OFTEN_MS = 5_000;

/** What projections could not take, by what went wrong; with another try for one, for a fault, or for all. */
export function ParkedGroups() {
  const { admin } = words;
  const { data: groups = [], error } = useAdminQuery(
    ['parked', 'groups'],
    (client, options) => client.admin.parkedGroups(options),
    OFTEN_MS,
  );
  const { run, isBusy } = useAdminAction();
  const retry = (body: { fingerprint?: string }) =>
    void run(
      (client, once) => client.admin.retryAllParked(body, once),
      ({ retried }) => admin.retried(retried),
    );
  const actions = groups.length > 0 && (
    <QuietButton disabled={isBusy} onClick={() => retry({})}>
      {admin.retryAll}
    </QuietButton>
  );
  return (
    <Section title={admin.parked} actions={actions}>
      <p className="text-sm text-soft">{groups.length === 0 ? admin.noneParked : admin.parkedWhy}</p>
      {error && <p className="text-sm text-danger">{admin.failed(error.message)}</p>}
      <ul className="grid gap-2">
        {groups.map((group) => (
          <li key={`${group.projection} ${group.fingerprint}`}>
            <Group group={group} isBusy={isBusy} onRetry={() => retry({ fingerprint: group.fingerprint })} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Props = { group: ParkedGroupResource; isBusy: boolean; onRetry: () => void };

function Group({
  group: { fingerprint, projection, count, example, eventType, newestAt },
  isBusy,
  onRetry,
}: Props) {
  const { admin } = words;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <article
      aria-label={example.error}
      className="grid gap-1.5 rounded-2xl border border-past/40 bg-past-ground px-4 py-3 text-sm"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">
          {projection} · {admin.parkedCount(count)}
        </h3>
        <span className="grow text-xs text-soft">
          {admin.beforeEvent(eventType, example.seq)} · {formatMoment(newestAt)}
        </span>
        <QuietButton disabled={isBusy} onClick={onRetry}>
          {admin.retryGroup}
        </QuietButton>
      </header>
      <p className="font-mono text-xs break-words text-past">{example.error}</p>
      <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary className="text-xs text-live">{admin.showStreams}</summary>
        {isOpen && <ParkedStreams fingerprint={fingerprint} />}
      </details>
    </article>
  );
}
