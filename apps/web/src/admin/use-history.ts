import { useEffect, useState } from 'react';
import { pointOf, MOST_POINTS, type Point } from './history.js';
import { parseMetrics, type Sample } from './metrics-text.js';
import { useAdminQuery } from './use-admin-query.js';

/** How often the page looks. */
export const LOOK_MS = 2_000;

export type History = { points: readonly Point[]; samples: readonly Sample[] };

/** What this page has seen since it was opened; the service itself keeps no history. */
export function useHistory(): History {
  const [points, setPoints] = useState<readonly Point[]>([]);
  const { data: samples = [] } = useAdminQuery(
    ['metrics'],
    async (client, options) => parseMetrics(await client.admin.metrics(options)),
    LOOK_MS,
  );
  const { data: reports, dataUpdatedAt } = useAdminQuery(
    ['projections'],
    (client, options) => client.admin.projections(options),
    LOOK_MS,
  );
  useEffect(() => {
    if (!reports || samples.length === 0) return;
    const point = pointOf(dataUpdatedAt / 1_000, reports, samples);
    setPoints((all) => [...all.slice(1 - MOST_POINTS), point]);
    // one point a look at the projections; the metrics are those of about the same moment
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [dataUpdatedAt, samples.length > 0]);
  return { points, samples };
}
