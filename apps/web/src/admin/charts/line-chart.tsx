import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './line-chart.css';
import { formatClock, formatNumber } from '../../words/format.js';
import { resolvedColour } from './resolved-colour.js';

export type Line = { name: string; values: (number | null)[] };

type Props = { title: string; times: readonly number[]; lines: readonly Line[] };

const HEIGHT = 180;
/** Apart by lightness too, for those who see few colours. */
const strokes = ['--live', '--past', '--danger', '--line-strong', '--ink', '--added', '--removed'];

/** Lines over time. The figures stand beside it as text: a picture of them alone would say nothing to a screen reader. */
export function LineChart({ title, times, lines }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const names = lines.map(({ name }) => name).join('\n');

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(optionsOf(element, names.split('\n')), [[]], element);
    chart.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [names]);

  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => values)]);
  }, [times, lines, names]);

  const newest = lines.map(({ name, values }) => `${name} ${formatNumber(Math.round(values.at(-1) ?? 0))}`);
  return (
    <figure className="min-w-0 rounded-2xl border border-line bg-raised p-3">
      <figcaption className="pb-1 text-xs text-soft">
        {title}
        <span className="sr-only">: {newest.join(', ')}</span>
      </figcaption>
      <div ref={place} aria-hidden className="admin-chart" />
    </figure>
  );
}

function optionsOf(element: HTMLElement, names: readonly string[]): uPlot.Options {
  // asked for with each drawing: another theme is another colour
  const colour = (name: string) => () => resolvedColour(element, name);
  const strokeOf = (i: number) => colour(strokes[i % strokes.length] ?? '--ink');
  const axis = {
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { y: false, drag: { x: false, y: false } },
    legend: {
      markers: { width: 0, fill: (_chart, i) => `var(${strokes[(i - 1) % strokes.length] ?? '--ink'})` },
    },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, space: 80, values: (_chart, ticks) => ticks.map((tick) => formatClock(tick * 1_000)) },
      { ...axis, size: 48, values: (_chart, ticks) => ticks.map((tick) => formatNumber(tick)) },
    ],
    series: [
      { label: '', value: (_chart, tick: number | null) => (tick === null ? '' : formatClock(tick * 1_000)) },
      ...names.map((label, i) => ({
        label,
        stroke: strokeOf(i),
        width: 1.5,
        points: { show: false },
        value: (_chart: uPlot, value: number | null) =>
          value === null ? '–' : formatNumber(Math.round(value * 10) / 10),
      })),
    ],
  };
}
