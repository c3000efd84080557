import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { KnownTree } from './branch-map.js';
import type { BranchPath } from './branch-path.js';
import { messageColumns, type MessageRow } from './message.row.js';

type Rows = Pick<ProjectionTarget, 'generation' | 'streamId'>;
export type CurrentRow = MessageRow & { due: boolean };

/** The current versions of some messages. `due`: the row may be written again while its message grows (250 ms). */
export async function currentRows(
  q: Queryable,
  { generation, streamId }: Rows,
  ids: string[],
): Promise<CurrentRow[]> {
  if (ids.length === 0) return [];
  return q.query<CurrentRow>(
    `select ${messageColumns}, m.written_at <= clock_timestamp() - interval '250 milliseconds' as due
     from messages m
     where m.generation = $1 and m.conversation_id = $2 and m.id = any ($3::uuid[]) and m.valid_to is null`,
    [generation, streamId, ids],
  );
}

/** Where the messages stand, and how their segments go on: all that new places and paths are made of. */
export async function knownTree(
  q: Queryable,
  { generation, streamId }: Rows,
  ids: string[],
): Promise<KnownTree> {
  const tree: KnownTree = { places: {}, segments: {} };
  if (ids.length === 0) return tree;
  const rows = await q.query<{
    id: string;
    segment: number;
    depth: number;
    seq: number;
    path: BranchPath;
    end: number;
  }>(
    `select m.id, m.segment, m.depth, m.seq, s.path,
       (select max(l.seq) from messages l
        where l.generation = $1 and l.conversation_id = $2 and l.segment = m.segment) as end
     from messages m
     join message_segments s on s.generation = $1 and s.conversation_id = $2 and s.segment = m.segment
     where m.generation = $1 and m.conversation_id = $2 and m.id = any ($3::uuid[]) and m.valid_to is null`,
    [generation, streamId, ids],
  );
  for (const { id, segment, depth, seq, path, end } of rows) {
    tree.places[id] = { segment, depth, seq };
    tree.segments[segment] = { path, end };
  }
  return tree;
}

/** The selected path as of a seq that the rows have reached. */
export async function pathAt(
  q: Queryable,
  { generation, streamId }: Rows,
  seq: number,
): Promise<{ path: BranchPath; validFrom: number } | null> {
  const [row] = await q.query<{ path: BranchPath; valid_from: number }>(
    `select path, valid_from from message_paths
     where generation = $1 and conversation_id = $2 and valid_from <= $3 order by valid_from desc limit 1`,
    [generation, streamId, seq],
  );
  return row ? { path: row.path, validFrom: row.valid_from } : null;
}
