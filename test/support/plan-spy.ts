import type { Database, Queryable } from '#platform';

/** One node of a plan, as `explain (format json)` writes it. */
export type PlanNode = {
  'Node Type': string;
  Schema?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
};

/** What one node of an executed plan did. */
export type ScanSeen = {
  sql: string;
  scan: string;
  relation: string;
  schema?: string;
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
    if (row) seen.push(...scansOf(sql, row['QUERY PLAN'][0].Plan));
  }
  return q.query<T>(sql, params);
}

/** What an executed plan went over, table by table. */
export function scansOf(sql: string, node: PlanNode): ScanSeen[] {
  const below = (node.Plans ?? []).flatMap((child) => scansOf(sql, child));
  const relation = node['Relation Name'];
  const loops = node['Actual Loops'] ?? 0;
  if (relation === undefined || loops === 0) return below;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const rows = ((node['Actual Rows'] ?? 0) + removed) * loops;
  const { Schema: schema, 'Node Type': scan, 'Index Name': index } = node;
  return [{ sql, scan, relation, schema, index, rows }, ...below];
}
