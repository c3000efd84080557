/**
 * SHA-256 of a row as it is stored, made by the server, so that a payload of any size travels as 32 bytes. Each part has a fixed
 * alphabet without `|`, or is last, so no two rows give the same text. Spelled out in each statement, with the catalog's own
 * functions: a function of ours could be replaced by whoever alters a row.
 */
const hex = (text: string) =>
  `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${text}, 'UTF8')), 'hex')`;
const time = (column: string) =>
  `pg_catalog.to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
const digest = (parts: string[]) =>
  `pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat_ws('|', ${parts.join(', ')}), 'UTF8'))`;

/** Of everything in an event `e` but where it stands. */
export const EVENT_DIGEST = digest([
  'e.event_id',
  'e.schema_version',
  "coalesce(e.key_id::text, '-')",
  time('e.recorded_at'),
  hex('e.data::text'),
  hex('e.metadata::text'),
  'e.type',
]);

/** Of everything in a row `s` of streams but its id. */
export const STREAM_DIGEST = digest([
  's.first_seq',
  "coalesce(s.parent_id::text, '-')",
  time('s.created_at'),
  hex('s.tenant_id'),
  hex('s.owner_id'),
  hex("coalesce(s.lineage::text, '')"),
  's.kind',
]);
