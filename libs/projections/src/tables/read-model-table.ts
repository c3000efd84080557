import type { CopyValue, Queryable } from '#platform';
import type { ProjectionTarget } from '../projection.js';

/** A column of a read model, and how its value comes from an entry of the fold; null where that is absent. */
export type ReadModelColumn<Entry> = {
  name: string;
  type: string;
  /** The value is kept as JSON text, so that \u0000 and lone surrogates survive. */
  json?: true;
  of: (entry: Entry) => unknown;
};

/** A row as an object by column name, without its generation; JSON columns hold values. */
export type ReadModelRow = Record<string, unknown>;
/** All rows of one table that a fold from nothing made. */
export type ReadModelRows = { table: AnyTable; rows: ReadModelRow[] };

export type ReadModelShape<Entry> = {
  name: string;
  /** Holds the stream's id. */
  streamColumn: string;
  /** What else is the same in all rows of a stream. */
  with: readonly ('tenant_id' | 'owner_id')[];
  columns: readonly ReadModelColumn<Entry>[];
  /** Tells the rows of one stream and generation apart. */
  key: readonly string[];
  /** These lag the checkpoint while the row is in flight (`in_flight` is set): they are not compared then. */
  growing?: readonly string[];
  /** Of its partitions: room for updates in place. */
  fillfactor?: number;
  /** Of its partitions: values are kept out of rows that are longer than this many bytes (2,000 when absent). */
  toastTupleTarget?: number;
};

// any: the entries are each table's own, and whoever goes over all tables only passes rows on.
export type AnyTable = ReadModelTable<any>;

type TargetColumn = { name: string; type: string; of: (target: ProjectionTarget) => unknown };

/**
 * One table of a read model, partitioned by generation: the one description of its columns, by which rows are inserted, copied
 * in bulk, compared and hashed.
 */
export class ReadModelTable<Entry> {
  readonly name: string;
  readonly streamColumn: string;
  readonly key: readonly string[];
  readonly growing: readonly string[];
  readonly fillfactor: number;
  readonly toastTupleTarget: number | undefined;
  readonly columns: readonly ReadModelColumn<Entry>[];
  private readonly target: TargetColumn[];

  constructor({ with: extra, growing = [], fillfactor = 100, ...shape }: ReadModelShape<Entry>) {
    this.name = shape.name;
    this.streamColumn = shape.streamColumn;
    this.key = shape.key;
    this.columns = shape.columns;
    this.growing = growing;
    this.fillfactor = fillfactor;
    this.toastTupleTarget = shape.toastTupleTarget;
    const known = {
      tenant_id: (target: ProjectionTarget) => target.tenantId,
      owner_id: (target: ProjectionTarget) => target.ownerId,
    };
    this.target = [
      { name: 'generation', type: 'integer', of: ({ generation }) => generation },
      { name: this.streamColumn, type: 'uuid', of: ({ streamId }) => streamId },
      ...extra.map((name) => ({ name, type: 'text', of: known[name] })),
    ];
  }

  /** All columns in the order of `copyValues`. */
  get names(): string[] {
    return [...this.target, ...this.columns].map(({ name }) => name);
  }

  /** One statement for all rows. Values travel as one array a column; JSON travels as text. */
  async insert(q: Queryable, target: ProjectionTarget, entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const fixed = this.target.map(({ type }, i) => `$${i + 1}::${type}`);
    const selected = this.columns.map(({ name, json }) => (json ? `n.${name}::json` : `n.${name}`));
    await q.query(
      `insert into ${this.name} (${this.names.join(', ')})
       select ${[...fixed, ...selected].join(', ')} from ${unnested(this.columns, fixed.length + 1)}`,
      [...this.target.map(({ of }) => of(target)), ...columnArrays(this.columns, entries)],
    );
  }

  /** The rows that `insert` would write. */
  rows(target: ProjectionTarget, entries: readonly Entry[]): ReadModelRow[] {
    const fixed = this.target.map(({ name, of }) => [name, of(target)] as const);
    return entries.map((entry) =>
      Object.fromEntries([
        ...fixed,
        ...this.columns.map(({ name, of }) => [name, of(entry) ?? null] as const),
      ]),
    );
  }

  /** One statement for rows as `rows` gives them. */
  async insertRows(q: Queryable, rows: readonly ReadModelRow[]): Promise<void> {
    if (rows.length === 0) return;
    const all = [...this.target, ...this.columns].map(({ name, type }) => {
      const json = type === 'json' || undefined;
      return { name, type, json, of: (row: ReadModelRow) => row[name] };
    });
    const selected = all.map(({ name, json }) => (json ? `n.${name}::json` : `n.${name}`));
    await q.query(
      `insert into ${this.name} (${this.names.join(', ')}) select ${selected.join(', ')} from ${unnested(all, 1)}`,
      columnArrays(all, rows),
    );
  }

  /** The values of a row in the order of `names`, as COPY takes them: JSON as text. */
  copyValues(row: ReadModelRow): CopyValue[] {
    const fixed = this.target.map(({ name }) => row[name]);
    const rest = this.columns.map(({ name, json }) => {
      const value = row[name] ?? null;
      return json && value !== null ? JSON.stringify(value) : value;
    });
    return [...fixed, ...rest] as CopyValue[];
  }
}

/** The values of the columns as one array each, as `unnested` takes them. */
export function columnArrays<Entry>(
  columns: readonly ReadModelColumn<Entry>[],
  entries: readonly Entry[],
): unknown[][] {
  return columns.map(({ json, of }) =>
    entries.map((entry) => {
      const value = of(entry) ?? null;
      return json && value !== null ? JSON.stringify(value) : value;
    }),
  );
}

/** `unnest($n::type[], …) as n (…)` beginning at parameter `first`. */
export function unnested<Entry>(columns: readonly ReadModelColumn<Entry>[], first: number): string {
  const arrays = columns.map(({ type, json }, i) => `$${first + i}::${json ? 'text' : type}[]`);
  return `unnest(${arrays.join(', ')}) as n (${columns.map(({ name }) => name).join(', ')})`;
}
