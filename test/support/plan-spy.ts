import type { Database, Queryable } from '#platform';

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
};

/** What one node of an executed plan did. */
export type ScanSeen = {
  sql: string;
  scan: string;
  relation: string;
  index?: string;
  /** Rows that it went over. */ rows: number;
};

/** A database whose transactions also explain each query that they run, by running it: `seen` collects the scans. */
export function spyOnPlans(database: Database, seen: ScanSeen[]): Database {
  const transaction: Database['transaction'] = (isolation, work) =>
    database.transaction(isolation, (q) => work({ query: (sql, params) => explained(q, sql, params, seen) }));
  return new Proxy(database, {
    get: (target, property) => {
      const value: unknown = property === 'transaction' ? transaction : Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function explained<T>(
  q: Queryable,
  sql: string,
  params: unknown[] | undefined,
  seen: ScanSeen[],
): Promise<T[]> {
  if (/^\s*(select|with)/i.test(sql)) {
    const [row] = await q.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, format json) ${sql}`,
      params,
    );
    if (row) collect(sql, row['QUERY PLAN'][0].Plan, seen);
  }
  return q.query<T>(sql, params);
}

function collect(sql: string, node: PlanNode, seen: ScanSeen[]): void {
  const relation = node['Relation Name'];
  const loops = node['Actual Loops'] ?? 0;
  if (relation !== undefined && loops > 0) {
    const rows = ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * loops;
    seen.push({ sql, scan: node['Node Type'], relation, index: node['Index Name'], rows });
  }
  for (const child of node.Plans ?? []) collect(sql, child, seen);
}
