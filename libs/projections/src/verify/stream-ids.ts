import type { Queryable } from '#platform';

const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 500;
/** More than a page of the table can hold rows: a row of it has at least 28 bytes, and a page 8,192. */
const MOST_ON_A_PAGE = 291;
const TRIES = 5;

/** All streams in the order of their ids, a page at a time. */
export async function* streamPages(
  q: Queryable,
): AsyncGenerator<{ after: string; upTo: string | null; ids: string[] }> {
  for (let after: string | null = FIRST; after !== null;) {
    const rows: { stream_id: string }[] = await q.query<{ stream_id: string }>(
      'select stream_id from streams where stream_id > $1 order by stream_id limit $2',
      [after, PAGE],
    );
    const ids = rows.map(({ stream_id }) => stream_id);
    const upTo: string | null = ids.length === PAGE ? ids.at(-1)! : null;
    yield { after, upTo, ids };
    after = upTo;
  }
}

/**
 * A stream that has rows, by chance; null where there is none. It is a row of a random page of the table, which is never updated and so has no
 * holes: two look-ups, however many streams there are. Random ids would find those that began in busy seconds almost never,
 * because ids begin with the time.
 */
export async function randomStream(q: Queryable): Promise<string | null> {
  // a page may hold nothing but rows of transactions that were rolled back
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [row] = await q.query<{ stream_id: string }>(
      `with chosen as (
         select floor(random() * (pg_relation_size('streams') / current_setting('block_size')::bigint))::bigint as page
       )
       select stream_id from streams
       where ctid = any (array(
         select format('(%s,%s)', page, line)::tid from chosen, generate_series(1, $1) as line)) and kind <> 'admin'
       order by random() limit 1`,
      [MOST_ON_A_PAGE],
    );
    if (row) return row.stream_id;
  }
  const [first] = await q.query<{ stream_id: string }>(
    `select stream_id from streams where kind <> 'admin' order by stream_id limit 1`,
  );
  return first?.stream_id ?? null;
}
