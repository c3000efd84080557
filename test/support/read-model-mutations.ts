import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import type { AnyTable } from '../../libs/projections/src/tables/read-model-table.js';
import type { Prng } from './prng.js';

/** A row of a read model that was changed behind the projections' backs. */
export type Mutation = {
  table: string;
  /** Null: the row is gone, or is there twice. */
  column: string | null;
  streamId: string;
  /** Puts all back. */
  undo(): Promise<void>;
};

type Found = { place: string; part: string; stream: string };

/** Texts that only some values may stand in. (A moment's kind and number are unique together: another kind may be taken.) */
const allowed: Record<string, (string | null)[]> = {
  role: ['user', 'assistant', 'system', 'tool'],
  turn_status: ['requested', 'running'],
  streaming_status: ['pending', 'streaming', 'complete', 'error'],
  in_flight: ['answer', 'chunks'],
  kind: [null, 'message'],
  outcome: ['completed', 'failed', 'cancelled', 'interrupted'],
  type: ['html', 'css', 'javascript'],
};

/** Changes one column of a random row to another value that the table takes. */
export async function mutateColumn(
  database: Database,
  prng: Prng,
  table: AnyTable,
  column: string,
  where = 'true',
): Promise<Mutation> {
  const { part, place, stream } = await anyRow(database, prng, table, where);
  const known = table.columns.find(({ name }) => name === column)?.type;
  const type = known ?? (column === table.streamColumn ? 'uuid' : 'text');
  const [row] = await database.query<{ before: string | null; place: string }>(
    `with old as (select ${column}::text as before from ${part} where ctid = $1)
     update ${part} set ${column} = ${await otherValue(database, type, column, part, place)}
     from old where ctid = $1 returning old.before, ${part}.ctid::text as place`,
    [place],
  );
  const undo = async (): Promise<void> => {
    await database.query(`update ${part} set ${column} = $1::text::${type} where ctid = $2`, [
      row!.before,
      row!.place,
    ]);
  };
  return { table: table.name, column, streamId: stream, undo };
}

/** Removes a random row. */
export async function deleteRow(database: Database, prng: Prng, table: AnyTable): Promise<Mutation> {
  const { part, place, stream } = await anyRow(database, prng, table);
  // as it is: JSON that holds lone surrogates can be copied, but not parsed
  const kept = `kept_${randomUUID().replaceAll('-', '')}`;
  await database.query(`create table ${kept} as select * from ${part} where ctid = '${place}'`);
  await database.query(`delete from ${part} where ctid = $1`, [place]);
  const undo = async (): Promise<void> => {
    await database.query(`insert into ${part} select * from ${kept}`);
    await database.query(`drop table ${kept}`);
  };
  return { table: table.name, column: null, streamId: stream, undo };
}

/** Puts a copy of a random row beside it, further on. */
export async function doubleRow(database: Database, prng: Prng, table: AnyTable): Promise<Mutation> {
  const { part, place, stream } = await anyRow(database, prng, table);
  const further = table.key.at(-1)!;
  const isId = table.columns.some(({ name, type }) => name === further && type === 'uuid');
  const apart = {
    [further]: isId ? randomUUID() : 1_000_000,
    ...(table.name === 'moments' && { n: 1_000_000 }),
  };
  const [made] = await database.query<{ place: string }>(
    `insert into ${part}
     select (json_populate_record(r, $2::json)).* from ${part} r where ctid = $1 returning ctid::text as place`,
    [place, JSON.stringify(apart)],
  );
  const undo = async (): Promise<void> => {
    await database.query(`delete from ${part} where ctid = $1`, [made!.place]);
  };
  return { table: table.name, column: null, streamId: stream, undo };
}

async function anyRow(database: Database, prng: Prng, table: AnyTable, where = 'true'): Promise<Found> {
  const key = ['generation', table.streamColumn, ...table.key].map((name) => `${name}::text`).join(`||':'||`);
  const [row] = await database.query<Found>(
    `select ctid::text as place, tableoid::regclass::text as part, ${table.streamColumn}::text as stream
     from ${table.name} where ${where} order by md5(${key} || $1) limit 1`,
    [String(prng.next())],
  );
  if (!row) throw new Error(`${table.name} has no row where ${where}`);
  return row;
}

async function otherValue(
  database: Database,
  type: string,
  column: string,
  part: string,
  place: string,
): Promise<string> {
  const known = allowed[column];
  if (known) {
    const sql = `select ${column} as value from ${part} where ctid = $1`;
    const [row] = await database.query<{ value: string | null }>(sql, [place]);
    const other = known.find((value) => value !== row!.value)!;
    return other === null ? 'null' : `'${other}'`;
  }
  const old = `${part}.${column}`;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'boolean') return `not ${old}`;
  if (type === 'bigint' || type === 'integer') return `coalesce(${old}, 0) + 100000`;
  if (type === 'timestamptz') return `coalesce(${old}, now()) + interval '1 second'`;
  if (type === 'json') return `'"mutated"'`;
  return `${old} || 'x'`;
}
