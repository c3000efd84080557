/** A table of which a backup holds every row up to the heads that it recorded. */
export type ArchivedTable = {
  name: string;
  columns: readonly string[];
  /** Stored and read as text: their bytes are kept. */
  json?: readonly string[];
  /** The order in which rows are read, and where the next part goes on. Absent: read with the heads, in one part. */
  key?: readonly string[];
  /** Keeps rows that belong to events after the recorded heads (`h`) out. */
  join?: string;
  /** Rows of a part, as a share of the usual number: some rows are large. */
  share?: number;
};

const WITHIN_HEADS = 'join backup_heads h on h.stream_id = t.stream_id';

/**
 * Everything that is truth, in the order in which it is restored. Not here: read models with their checkpoints, `pending` and
 * `parked`, which a restored log makes anew; `snapshots`, a cache that is folded again; `log_identity`, as a restored log is
 * another history; what processes say of themselves.
 */
export const ARCHIVED_TABLES: readonly ArchivedTable[] = [
  {
    name: 'streams',
    columns: [
      'stream_id',
      'tenant_id',
      'owner_id',
      'kind',
      'first_seq',
      'parent_id',
      'lineage',
      'created_at',
    ],
    json: ['lineage'],
  },
  { name: 'turns', columns: ['stream_id', 'turn_id', 'owner', 'lease_until', 'requested_at', 'attempts'] },
  { name: 'project_views', columns: ['project_id', 'tenant_id', 'views'] },
  { name: 'chain_seals', columns: ['seal', 'runs', 'mac', 'sealed_at'] },
  {
    name: 'events',
    columns: [
      'stream_id',
      'seq',
      'event_id',
      'recorded_at',
      'schema_version',
      'type',
      'key_id',
      'data',
      'metadata',
    ],
    json: ['data', 'metadata'],
    key: ['stream_id', 'seq'],
  },
  {
    name: 'entities',
    columns: ['id', 'stream_id', 'seq'],
    key: ['id'],
    join: `${WITHIN_HEADS} and t.seq <= h.head`,
  },
  {
    name: 'commands',
    columns: [
      'tenant_id',
      'principal',
      'command_id',
      'body_sha256',
      'stream_id',
      'seq_from',
      'seq_to',
      'result',
      'at',
    ],
    json: ['result'],
    key: ['tenant_id', 'principal', 'command_id'],
    join: `${WITHIN_HEADS} and t.seq_to <= h.head`,
  },
  {
    name: 'blobs',
    columns: ['tenant_id', 'sha256', 'size', 'key_id', 'deflated', 'created_at'],
    key: ['tenant_id', 'sha256'],
    share: 0.01,
  },
  {
    name: 'chain_runs',
    columns: ['stream_id', 'from_seq', 'to_seq', 'seal', 'macs'],
    key: ['stream_id', 'from_seq'],
    join: 'join backup_last_seal l on t.seal <= l.seal',
    share: 0.1,
  },
];

export function archivedTable(name: string): ArchivedTable {
  const table = ARCHIVED_TABLES.find((known) => known.name === name);
  if (!table) throw new Error(`no table ${name} is archived`);
  return table;
}

/** The columns of a row `alias` as an object of JSON is made of them. */
export function columnsOf({ columns, json = [] }: ArchivedTable, alias: string): string {
  return columns
    .map((column) => (json.includes(column) ? `${alias}.${column}::text as ${column}` : `${alias}.${column}`))
    .join(', ');
}

/**
 * COPYs the rows of a query as one JSON object a line. Within JSON no control character stands as it is, so with two of them as
 * quote and delimiter nothing is ever quoted, and the lines are the server's JSON as it is.
 */
export function copyJsonLines(query: string): string {
  return `copy (select row_to_json(r) from (${query}) r) to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`;
}
