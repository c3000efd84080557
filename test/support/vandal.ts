import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Prng } from './prng.js';

/** What a vandal did, and what must be said of it: the stream, its first bad event, and one of the kinds. */
export type Damage = { how: string; streamId: string; seq: number; kinds: string[] };

type Target = { streamId: string; first: number; sealed: number; head: number };
type Act = (vandal: Vandal, target: Target) => Promise<Omit<Damage, 'how' | 'streamId'>>;

const TABLES = ['streams', 'events', 'chain_runs', 'chain_seals'];

/** Changes stored events as a superuser of the database can who does not have the key of the chain. */
export class Vandal {
  private constructor(
    private readonly client: Client,
    readonly prng: Prng,
  ) {}

  static async on(url: string, prng: Prng): Promise<Vandal> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      "select inhrelid::regclass::text as part from pg_inherits where inhparent = 'events'::regclass",
    );
    for (const table of [...TABLES, ...rows.map(({ part }) => part)])
      await client.query(`alter table ${table} disable trigger all`);
    for (const table of TABLES) await client.query(`create temp table before_${table} as table ${table}`);
    return new Vandal(client, prng);
  }

  /** Puts everything back as it was when the vandal came. */
  async undo(): Promise<void> {
    for (const table of TABLES) {
      await this.client.query(`truncate ${table}`);
      await this.client.query(`insert into ${table} table before_${table}`);
    }
  }

  async run(sql: string, values: unknown[] = []): Promise<Record<string, any>[]> {
    return (await this.client.query(sql, values)).rows;
  }

  end(): Promise<void> {
    return this.client.end();
  }

  /** Sealed streams of at least five sealed events. */
  async targets(): Promise<Target[]> {
    const rows = await this.run(`select s.stream_id, s.first_seq, max(r.to_seq) as sealed,
        (select max(seq) from events e where e.stream_id = s.stream_id) as head
      from streams s join chain_runs r using (stream_id) group by 1, 2 having max(r.to_seq) - s.first_seq >= 4 order by 1`);
    return rows.map((row) => ({
      streamId: row.stream_id,
      first: Number(row.first_seq),
      sealed: Number(row.sealed),
      head: Number(row.head),
    }));
  }

  async damage(how: keyof typeof acts): Promise<Damage> {
    const target = this.prng.pick(await this.targets());
    return { how, streamId: target.streamId, ...(await acts[how]!(this, target)) };
  }

  any({ first, sealed }: Target): number {
    return this.prng.between(first, sealed);
  }

  /** Not the first one, and not the last one that there is. */
  inner({ first, sealed, head }: Target): number {
    return this.prng.between(first + 1, Math.min(sealed, head - 1));
  }
}

/** One column of one event. */
const change =
  (assignment: string): Act =>
  async (vandal, target) => {
    const seq = vandal.any(target);
    await vandal.run(`update events set ${assignment} where stream_id = $1 and seq = $2`, [
      target.streamId,
      seq,
    ]);
    return { seq, kinds: ['altered'] };
  };

const cut = async (vandal: Vandal, { streamId }: Target, from: number): Promise<void> =>
  void (await vandal.run('delete from events where stream_id = $1 and seq >= $2', [streamId, from]));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const insert = (vandal: Vandal, streamId: string, seq: number) =>
  vandal.run(
    `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
     values ($1, $2, gen_random_uuid(), now(), 1, 'Noted', '{}', '{}')`,
    [streamId, seq],
  );

export const acts: Record<string, Act> = {
  'one byte of the data': async (vandal, target) => {
    const seq = vandal.any(target);
    const [{ data }] = (await vandal.run(
      'select data::text as data from events where stream_id = $1 and seq = $2',
      [target.streamId, seq],
    )) as [{ data: string }];
    // a letter of an escape or of `true` is left alone: what is no JSON, the column refuses
    const changes = [...data.matchAll(/[a-z]/g)]
      .map(({ index }) => `${data.slice(0, index)}${data[index] === 'q' ? 'x' : 'q'}${data.slice(index + 1)}`)
      .filter(isJson);
    const changed = vandal.prng.pick(changes);
    await vandal.run('update events set data = $3::json where stream_id = $1 and seq = $2', [
      target.streamId,
      seq,
      changed,
    ]);
    return { seq, kinds: ['altered'] };
  },
  'white space in the data': change(`data = (data::text || ' ')::json`),
  metadata: change(`metadata = '{"by":"someone else"}'`),
  type: change(`type = type || 'd'`),
  'recorded_at by a microsecond': change(`recorded_at = recorded_at + interval '1 microsecond'`),
  event_id: change('event_id = gen_random_uuid()'),
  schema_version: change('schema_version = schema_version + 1'),
  key_id: change('key_id = gen_random_uuid()'),
  'swapped with its neighbour': async (vandal, target) => {
    const seq = vandal.prng.between(target.first, target.sealed - 1);
    const { streamId } = target;
    await vandal.run('update events set seq = 1000000 where stream_id = $1 and seq = $2', [streamId, seq]);
    await vandal.run('update events set seq = $2 where stream_id = $1 and seq = $2::bigint + 1', [
      streamId,
      seq,
    ]);
    await vandal.run('update events set seq = $2::bigint + 1 where stream_id = $1 and seq = 1000000', [
      streamId,
      seq,
    ]);
    // a neighbour of another run is not searched for
    return { seq, kinds: ['swapped', 'altered'] };
  },
  'deleted in the middle': async (vandal, target) => {
    const seq = vandal.inner(target);
    await vandal.run('delete from events where stream_id = $1 and seq = $2', [target.streamId, seq]);
    return { seq, kinds: ['missing'] };
  },
  'tail cut': async (vandal, target) => {
    const seq = vandal.any(target);
    await cut(vandal, target, seq);
    return { seq, kinds: ['cut_off'] };
  },
  'tail cut together with its links': async (vandal, target) => {
    const { streamId } = target;
    const seq = vandal.prng.between(target.first + 1, target.sealed);
    await cut(vandal, target, seq);
    await vandal.run('delete from chain_runs where stream_id = $1 and from_seq >= $2', [streamId, seq]);
    // the run that the cut goes through ends where the events do now
    await vandal.run(
      `update chain_runs set to_seq = $2::bigint - 1, macs = substr(macs, 1, length(macs) - 16 * (to_seq - $2::bigint + 1)::integer)
       where stream_id = $1 and to_seq >= $2`,
      [streamId, seq],
    );
    return { seq, kinds: ['cut_off'] };
  },
  'a whole stream with its links': async (vandal, target) => {
    for (const table of ['events', 'chain_runs', 'streams'])
      await vandal.run(`delete from ${table} where stream_id = $1`, [target.streamId]);
    return { seq: target.first, kinds: ['unknown_stream'] };
  },
  'moved to another stream': async (vandal, target) => {
    const seq = vandal.inner(target);
    const other = vandal.prng.pick(
      (await vandal.targets()).filter(({ streamId }) => streamId !== target.streamId),
    );
    await vandal.run('update events set stream_id = $3, seq = $4 where stream_id = $1 and seq = $2', [
      target.streamId,
      seq,
      other.streamId,
      other.head + 1,
    ]);
    return { seq, kinds: ['missing'] };
  },
  'inserted beyond the head': async (vandal, target) => {
    await insert(vandal, target.streamId, target.head + 2);
    return { seq: target.head + 1, kinds: ['missing'] };
  },
  "the stream's owner": async (vandal, target) => {
    await vandal.run(`update streams set owner_id = 'someone else' where stream_id = $1`, [target.streamId]);
    return { seq: target.first, kinds: ['altered'] };
  },
  'links alone': async (vandal, target) => {
    await vandal.run('delete from chain_runs where stream_id = $1', [target.streamId]);
    return { seq: target.first, kinds: ['seal_broken'] };
  },
};

/** An event of a stream that was never made. */
export async function insertStray(vandal: Vandal): Promise<Damage> {
  const streamId = randomUUID();
  await insert(vandal, streamId, 1);
  return { how: 'an event of no stream', streamId, seq: 1, kinds: ['unknown_stream'] };
}
