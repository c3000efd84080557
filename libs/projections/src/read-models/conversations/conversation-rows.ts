import type { ConversationFields } from '#model';
import type { Queryable } from '#platform';
import { conversationColumns, fieldsOfRow, type ConversationRow } from './conversation.row.js';

/** One entry of a list, and the seq that it is exact at. */
export type Listed = { id: string; seq: number; fields: ConversationFields };

/** Where an entry stands in every list: created at, then id; newest first. It never changes. */
export type ListPosition = [createdAt: string, id: string];

export type ListFilter = {
  tenantId: string;
  userId?: string;
  projectId?: string;
  forkedFrom?: string;
  includeTrashed: boolean;
  after?: ListPosition;
  before?: ListPosition;
};

function comparePositions([atA, idA]: ListPosition, [atB, idB]: ListPosition): number {
  if (atA !== atB) return atA < atB ? 1 : -1;
  return idA === idB ? 0 : idA < idB ? 1 : -1;
}

/** Newest first. */
export function compareListed(a: Listed, b: Listed): number {
  return comparePositions([a.fields.createdAt, a.id], [b.fields.createdAt, b.id]);
}

/** Whether the entry belongs to the filtered list, on the wanted side of the cursor. */
export function isBeyond(
  { projectId, forkedFrom, includeTrashed, after, before }: ListFilter,
  { id, fields }: Listed,
): boolean {
  const position: ListPosition = [fields.createdAt, id];
  if (projectId !== undefined && fields.projectId !== projectId) return false;
  if (forkedFrom !== undefined && fields.forkedFrom?.conversationId !== forkedFrom) return false;
  if (!includeTrashed && fields.trashedAt !== null) return false;
  if (after && comparePositions(position, after) <= 0) return false;
  return !before || comparePositions(position, before) < 0;
}

/** Rows of the list without the streams of `except`; with `before` from its cursor upwards, else downwards. */
export async function listedRows(
  q: Queryable,
  generation: number,
  filter: ListFilter,
  { except, skip, take }: { except: string[]; skip: number; take: number },
): Promise<Listed[]> {
  const { text, values } = listStatement(generation, filter, { except, skip, take });
  const rows = await q.query<ConversationRow & { seq: number }>(text, values);
  return rows.map((row) => ({ id: row.conversation_id, seq: row.seq, fields: fieldsOfRow(row) }));
}

/** Each combination of filters is a statement that one of the four list indexes answers in order. */
export function listStatement(
  generation: number,
  { tenantId, userId, projectId, forkedFrom, includeTrashed, after, before }: ListFilter,
  { except, skip, take }: { except: string[]; skip: number; take: number },
): { text: string; values: unknown[] } {
  const values: unknown[] = [generation, tenantId, except, skip, take];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = [
    'c.generation = $1',
    'c.tenant_id = $2',
    'c.valid_to is null',
    'c.conversation_id <> all ($3::uuid[])',
  ];
  if (userId !== undefined) where.push(`c.owner_id = ${bind(userId)}`);
  if (projectId !== undefined) where.push(`c.project_id = ${bind(projectId)}`);
  if (forkedFrom !== undefined) where.push(`c.forked_from = ${bind(forkedFrom)}`);
  if (!includeTrashed) where.push('c.trashed_at is null');
  const [at, id] = after ?? before ?? [];
  if (at !== undefined) {
    where.push(
      `(c.created_at, c.conversation_id) ${after ? '<' : '>'} (${bind(at)}::timestamptz, ${bind(id)}::uuid)`,
    );
  }
  const order = before ? 'asc' : 'desc';
  const text = `select c.*, k.seq from (
      select ${conversationColumns} from conversations c where ${where.join(' and ')}
      order by c.created_at ${order}, c.conversation_id ${order} offset $4 limit $5
    ) c
    join projection_checkpoints k
      on k.projection = 'conversations' and k.generation = $1 and k.stream_id = c.conversation_id
    order by c.created_at ${order}, c.conversation_id ${order}`;
  return { text, values };
}
