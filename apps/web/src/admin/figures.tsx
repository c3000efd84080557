import type { ReactNode } from 'react';
import { formatNumber } from '../words/format.js';
import { words } from '../words/all-words.js';
import { ratesOf } from './history.js';
import { sumOf } from './metrics-text.js';
import type { History } from './use-history.js';
import { LOOK_MS } from './use-history.js';
import { useAdminQuery } from './use-admin-query.js';

/** How it stands, in five figures. */
export function Figures({ history: { points, samples } }: { history: History }) {
  const { admin } = words;
  const { data: reports = [] } = useAdminQuery(
    ['projections'],
    (client, options) => client.admin.projections(options),
    LOOK_MS,
  );
  const lag = reports.reduce((sum, { lagEvents }) => sum + lagEvents, 0);
  const atLeast = reports.some((report) => report.atLeast);
  const oldest = Math.max(0, ...reports.map(({ lagSeconds }) => lagSeconds));
  const parked = reports.reduce((sum, report) => sum + report.parked, 0);
  const { written } = ratesOf(points);
  const outcomes = samples.filter(({ name }) => name === 'chatlog_turns_total');
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      <Figure name={admin.lag} isBad={oldest > 10}>
        {lag === 0 ? admin.upToDate : admin.lagEvents(lag, atLeast)}
      </Figure>
      <Figure name={admin.oldest} isBad={oldest > 10}>
        {admin.seconds(oldest)}
      </Figure>
      <Figure name={admin.parkedShort} isBad={parked > 0}>
        {formatNumber(parked)}
      </Figure>
      <Figure name={admin.appended}>{written === null ? '–' : admin.perSecond(written)}</Figure>
      <Figure name={admin.turns} note={admin.sinceStart}>
        {outcomes.length === 0 ? (
          admin.noTurns
        ) : (
          <ul className="grid text-sm font-normal">
            {outcomes.map(({ labels: { outcome = '' }, value }) => (
              <li key={outcome}>
                <span className="font-semibold">{formatNumber(value)}</span>{' '}
                {admin.outcomes[outcome] ?? outcome}
              </li>
            ))}
            <li className="text-soft">
              {admin.turnsRunning}: {formatNumber(sumOf(samples, 'chatlog_turns_running'))}
            </li>
          </ul>
        )}
      </Figure>
    </dl>
  );
}

type Props = { name: string; note?: string; isBad?: boolean; children: ReactNode };

function Figure({ name, note, isBad = false, children }: Props) {
  return (
    <div
      className={`rounded-2xl border px-4 py-3 ${isBad ? 'border-past/40 bg-past-ground' : 'border-line bg-raised'}`}
    >
      <dt className="text-xs text-soft">
        {name}
        {note && <span className="text-faint"> · {note}</span>}
      </dt>
      <dd className="pt-1 text-lg font-semibold tabular-nums">{children}</dd>
    </div>
  );
}
