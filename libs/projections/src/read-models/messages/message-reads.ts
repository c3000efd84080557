import type { Queryable } from '#platform';
import type { LoadRequest } from '../../projection.js';
import { layerValues } from '../../reading/layers.js';
import type { KnownTree } from './branch-map.js';
import type { BranchPath } from './branch-path.js';
import { layers, versionsOfIds } from './layered-rows.js';
import { messageColumns, type MessageRow } from './message.row.js';

type Rows = Pick<LoadRequest, 'generation' | 'layers'>;
export type CurrentRow = MessageRow & { due: boolean };

/** The versions of some messages where the layers end. `due`: the row may be written again while its message grows (250 ms). */
export async function currentRows(q: Queryable, rows: Rows, ids: string[]): Promise<CurrentRow[]> {
  if (ids.length === 0 || rows.layers.length === 0) return [];
  return q.query<CurrentRow>(
    `select ${messageColumns}, m.written_at <= clock_timestamp() - interval '250 milliseconds' as due
     from ${versionsOfIds}`,
    [rows.generation, ...layerValues(rows.layers), ids],
  );
}

/** Where the messages stand, and how their segments go on: all that new places and paths are made of. */
export async function knownTree(q: Queryable, rows: Rows, ids: string[]): Promise<KnownTree> {
  const tree: KnownTree = { places: {}, segments: {} };
  if (ids.length === 0 || rows.layers.length === 0) return tree;
  const found = await q.query<{
    id: string;
    segment: number;
    depth: number;
    seq: number;
    path: BranchPath;
    end: number;
  }>(
    // a segment may go on in a later layer; a stream's rows beyond its layer are others' business
    `select m.id, m.segment, m.depth, m.seq, s.path,
       (select max(e.seq) from ${layers} cross join lateral (
          select max(e.seq) as seq from messages e
          where e.generation = $1 and e.conversation_id = l.stream_id and e.segment = m.segment and e.seq <= l.up_to
        ) e) as end
     from ${versionsOfIds} cross join lateral (
       select s.path from ${layers}
       join message_segments s
         on s.generation = $1 and s.conversation_id = l.stream_id and s.segment = m.segment and s.segment <= l.up_to
       limit 1
     ) s`,
    [rows.generation, ...layerValues(rows.layers), ids],
  );
  for (const { id, segment, depth, seq, path, end } of found) {
    tree.places[id] = { segment, depth, seq };
    tree.segments[segment] = { path, end };
  }
  return tree;
}

/** The selected path where the layers end, and the seq that it is valid from. */
export async function pathAt(
  q: Queryable,
  rows: Rows,
): Promise<{ path: BranchPath; validFrom: number } | null> {
  if (rows.layers.length === 0) return null;
  const [row] = await q.query<{ path: BranchPath; valid_from: number }>(
    `select p.path, p.valid_from from ${layers} cross join lateral (
       select p.path, p.valid_from from message_paths p
       where p.generation = $1 and p.conversation_id = l.stream_id and p.valid_from <= l.up_to
       order by p.valid_from desc limit 1
     ) p
     order by p.valid_from desc limit 1`,
    [rows.generation, ...layerValues(rows.layers)],
  );
  return row ? { path: row.path, validFrom: row.valid_from } : null;
}
