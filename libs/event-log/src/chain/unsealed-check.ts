import type { OwnConnection } from '#platform';
import type { ChainFindings } from './chain-findings.js';

const PAGE = 1_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Of each stream what stands after its last sealed event, and what stands where nothing can. */
const BEYOND = `select s.stream_id, s.first_seq, coalesce(r.to_seq, s.first_seq - 1) as sealed, b.count, b.head, l.seq as below
  from (select stream_id, first_seq from streams where stream_id > $1 order by stream_id limit ${PAGE}) s
  left join lateral (
    select to_seq from chain_runs where stream_id = s.stream_id and seal <= $2 order by from_seq desc limit 1
  ) r on true
  cross join lateral (
    select count(*) as count, max(seq) as head from events
    where stream_id = s.stream_id and seq > coalesce(r.to_seq, s.first_seq - 1)
  ) b
  left join lateral (
    select seq from events where stream_id = s.stream_id and seq < s.first_seq order by seq limit 1
  ) l on true
  order by s.stream_id`;
const FIRST_GAP = `select before + 1 as seq from (
    select seq, lag(seq, 1, $2::bigint) over (order by seq) as before from events where stream_id = $1 and seq > $2
  ) e where seq <> before + 1 order by seq limit 1`;
const STRAYS = `select e.stream_id, min(e.seq) as seq from events e
  where not exists (select from streams s where s.stream_id = e.stream_id) group by e.stream_id limit 1000`;

type Beyond = {
  stream_id: string;
  sealed: number;
  count: number;
  head: number | null;
  below: number | null;
};

/**
 * Looks at what no seal up to `last` covers: it cannot be vouched for, but it must go on without a gap from what is sealed.
 * Gives how many events that is, and how many streams there are.
 */
export async function checkUnsealed(
  connection: OwnConnection,
  last: number,
  findings: ChainFindings,
): Promise<{ unsealed: number; streams: number }> {
  let [unsealed, streams] = [0, 0];
  for (let after = FIRST_ID; ;) {
    const rows = (await connection.query(BEYOND, [after, last])).rows as Beyond[];
    for (const row of rows) {
      unsealed += row.count;
      await checkStream(connection, row, findings);
    }
    streams += rows.length;
    if (rows.length < PAGE) break;
    after = rows.at(-1)!.stream_id;
  }
  for (const { stream_id: streamId, seq } of (await connection.query(STRAYS)).rows) {
    const what = 'its row in streams is not there';
    findings.add({ kind: 'unknown_stream', streamId, seq, seal: null, what });
  }
  return { unsealed, streams };
}

async function checkStream(connection: OwnConnection, row: Beyond, findings: ChainFindings): Promise<void> {
  const { stream_id: streamId, sealed, count, head, below } = row;
  const at = { streamId, seal: null };
  if (below !== null)
    findings.add({ ...at, kind: 'altered', seq: below, what: `event ${below} stands before the first one` });
  if (head === null || head - sealed === count || findings.has(streamId)) return;
  const [gap] = (await connection.query(FIRST_GAP, [streamId, sealed])).rows as { seq: number }[];
  // none: what was appended meanwhile has filled it
  if (gap)
    findings.add({
      ...at,
      kind: 'missing',
      seq: gap.seq,
      what: `event ${gap.seq} is not there, later ones are`,
    });
}
