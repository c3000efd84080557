import type { ProcessReport } from '#platform';
import type { ProjectionReport } from '#projections';
import { duration } from '../cli/progress.js';
import { pairs, section, size, table } from '../cli/table.js';
import { rebuildLine } from '../rebuild/rebuild-lines.js';
import type { StatusReport } from './status-report.js';

const servers = {
  configured: 'PostgreSQL at DATABASE_URL',
  running: 'embedded PostgreSQL, on which a program runs',
  own: 'embedded PostgreSQL, started for this command: no program runs on it',
};

/** The smaller tables are one line. */
const SHOWN_TABLES = 8;

/** The report for a person at two in the morning: what needs them comes with words. */
export function statusLines(report: StatusReport): string[] {
  const { openTurns, queue, epoch, version, server, processes, projections, rebuilds } = report;
  const turns =
    openTurns.count === 0
      ? 'none open'
      : `${openTurns.count} open, ${openTurns.running} running, the oldest for ${duration(openTurns.oldestSeconds)}`;
  const facts = pairs([
    ['version', version],
    ['storage', servers[server]],
    ['epoch', epoch],
    [
      'queue',
      `${queue.backend === 'redis' ? 'Redis' : 'PostgreSQL'}, ${queue.ok ? 'answers' : `does not answer: ${queue.lastError}`}`,
    ],
    ['turns', turns],
  ]);
  return [
    ...facts,
    ...section('Processes', processes.length > 0 ? processLines(processes) : ['none reports itself']),
    ...section('Projections', projections.length > 0 ? projectionLines(projections) : ['none yet']),
    ...section('Rebuilds', rebuilds.length > 0 ? rebuilds.map(rebuildLine) : ['none runs']),
    ...section('Disk', diskLines(report)),
  ];
}

const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(0)} ms`);

function processLines(processes: readonly ProcessReport[]): string[] {
  return table(
    ['role', 'process', 'release', 'up', 'requests p95', 'commits p95', 'loop p95'],
    processes.map((report) => [
      report.role,
      `${report.pid} on ${report.host}`,
      report.release,
      duration((Date.parse(report.at) - Date.parse(report.startedAt)) / 1_000),
      ms(report.requestMs),
      ms(report.commitMs),
      ms(report.loopMs),
    ]),
  );
}

function projectionLines(projections: readonly ProjectionReport[]): string[] {
  return table(
    ['projection', 'generations', 'behind', 'parked'],
    projections.map(({ projection, generations, lagEvents, lagSeconds, atLeast, parked }) => [
      projection,
      generations
        .map(
          ({ generation, version, status, streams }) =>
            `${generation} (v${version}, ${status}, ${streams} streams)`,
        )
        .join(', '),
      lagEvents === 0
        ? 'nothing'
        : `${atLeast ? 'at least ' : ''}${lagEvents} events, ${duration(lagSeconds)}`,
      parked === 0 ? 'none' : `${parked}: npm run lol -- parked`,
    ]),
  );
}

function diskLines({ tables }: StatusReport): string[] {
  const shown = tables.slice(0, SHOWN_TABLES);
  const bytesOf = (list: typeof tables) => list.reduce((sum, { bytes }) => sum + bytes, 0);
  const rest = tables.slice(SHOWN_TABLES);
  return table(
    ['table', 'rows (about)', 'size'],
    [
      ...shown.map(({ name, rows, bytes }) => [name, rows, size(bytes)]),
      [`${rest.length} others`, rest.reduce((sum, { rows }) => sum + rows, 0), size(bytesOf(rest))],
      ['all', tables.reduce((sum, { rows }) => sum + rows, 0), size(bytesOf(tables))],
    ],
  );
}
