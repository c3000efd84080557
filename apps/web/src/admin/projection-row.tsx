import { Ellipsis, FlaskConical, ListChecks, ListTree, RefreshCw, Undo2 } from 'lucide-react';
import type { ProjectionReportResource } from '#contracts';
import { Menu, type MenuItem } from '../shell/menu.js';
import { formatNumber } from '../words/format.js';
import { words } from '../words/all-words.js';
import { useAdminAction } from './use-admin-action.js';

type Props = {
  report: ProjectionReportResource;
  rate: number | null;
  onVerify: (body: { sample: number; deep?: boolean }) => void;
};

/** One projection in the table. */
export function ProjectionRow({ report, rate, onVerify }: Props) {
  const { projection, kind, lagEvents, lagSeconds, atLeast, parked, generations, rebuildId } = report;
  const { admin } = words;
  const { run } = useAdminAction();
  const begun = () => admin.rebuildStarted(projection);
  const rebuild = (body: { dryRun?: boolean }) =>
    void run((client, once) => client.admin.rebuild(projection, body, once), begun);
  const rollback = () =>
    void run(
      (client, once) => client.admin.rollback(projection, once),
      ({ to, rebuild: first }) =>
        first ? admin.rollingBack(projection, to) : admin.rolledBack(projection, to),
    );
  const items: MenuItem[] = [
    ...(rebuildId === null
      ? [
          { label: admin.rebuild, icon: RefreshCw, run: () => rebuild({}) },
          { label: admin.dryRun, icon: FlaskConical, run: () => rebuild({ dryRun: true }) },
        ]
      : []),
    { label: admin.verify, icon: ListChecks, run: () => onVerify({ sample: 100 }) },
    { label: admin.verifyDeep, icon: ListTree, run: () => onVerify({ sample: 100, deep: true }) },
    ...(generations.some(({ status }) => status === 'retained')
      ? [{ label: admin.rollback, icon: Undo2, run: rollback, danger: true }]
      : []),
  ];
  return (
    <tr className="border-b border-line last:border-b-0 [&>*]:px-4 [&>*]:py-2 [&>*]:align-middle">
      <th scope="row" className="text-left font-medium">
        {projection}
        <span className="block text-xs font-normal text-faint">{kind}</span>
      </th>
      <td className={lagEvents > 0 ? '' : 'text-live'}>
        {lagEvents > 0 ? admin.lagEvents(lagEvents, atLeast) : admin.upToDate}
      </td>
      <td className="tabular-nums">{admin.seconds(lagSeconds)}</td>
      <td className="tabular-nums">{rate === null ? '–' : admin.perSecond(rate)}</td>
      <td className={`tabular-nums ${parked > 0 ? 'font-semibold text-past' : ''}`}>
        {formatNumber(parked)}
      </td>
      <td>
        <ul className="flex flex-wrap gap-1">
          {generations.map(({ generation, version, status, streams }) => (
            <li
              key={generation}
              title={admin.streams(streams)}
              className={`rounded-full px-2 py-px text-xs whitespace-nowrap ${status === 'live' ? 'bg-live-ground text-live' : status === 'building' ? 'bg-past-ground text-past' : 'bg-sunken text-soft'}`}
            >
              {admin.generation(generation, version)} · {admin.generationStatus[status]}
            </li>
          ))}
        </ul>
      </td>
      <td className="text-right">
        <Menu
          label={admin.actionsOf(projection)}
          trigger={<Ellipsis size={16} aria-hidden />}
          items={items}
          className="inline-grid size-8 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-ink"
        />
      </td>
    </tr>
  );
}
