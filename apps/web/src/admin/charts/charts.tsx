import { Suspense, useMemo } from 'react';
import { words } from '../../words/all-words.js';
import { rateBetween } from '../history.js';
import { Section } from '../section.js';
import type { History } from '../use-history.js';
import type { Line } from './line-chart.js';
import { lazyPart } from '../../shell/lazy-part.js';

const LineChart = lazyPart(() => import('./line-chart.js').then(({ LineChart: it }) => ({ default: it })));

/** Lag and rates of the last minutes. The library that draws them is loaded with this page alone. */
export function Charts({ history: { points } }: { history: History }) {
  const { admin } = words;
  const times = useMemo(() => points.map(({ at }) => at), [points]);
  const names = Object.keys(points.at(-1)?.lag ?? {});
  const lag: Line[] = names.map((name) => ({ name, values: points.map((point) => point.lag[name] ?? null) }));
  const rate = (count: (i: number) => number): (number | null)[] =>
    points.map((point, i) => {
      const before = points[i - 1];
      return before ? rateBetween(count(i - 1), count(i), point.at - before.at) : null;
    });
  const rates: Line[] = [
    { name: admin.chartWritten, values: rate((i) => points[i]?.written ?? 0) },
    ...names.map((name) => ({ name, values: rate((i) => points[i]?.projected[name] ?? 0) })),
  ];
  return (
    <Section title={admin.charts}>
      {points.length < 2 ? (
        <p className="text-sm text-soft">{admin.chartGathering}</p>
      ) : (
        <Suspense fallback={<p className="text-sm text-soft">{admin.loading}</p>}>
          <div className="grid gap-4 lg:grid-cols-2">
            <LineChart title={admin.lagChart} times={times} lines={lag} />
            <LineChart title={admin.rateChart} times={times} lines={rates} />
          </div>
        </Suspense>
      )}
    </Section>
  );
}
