import { ReadModelTable } from '../tables/read-model-table.js';

/** A document of a stream: any JSON value under a key. */
export type Document = { key: string; value: unknown };

/** The table of a document projection: `documents_` and its name. Made when its first generation is. */
export function documentTable(projection: string): ReadModelTable<Document> {
  return new ReadModelTable<Document>({
    name: `documents_${projection.replaceAll('-', '_')}`,
    streamColumn: 'stream_id',
    with: ['tenant_id', 'owner_id'],
    key: ['key'],
    fillfactor: 70,
    columns: [
      { name: 'key', type: 'text', of: ({ key }) => key },
      { name: 'value', type: 'json', json: true, of: ({ value }) => value },
    ],
  });
}

/** What makes a document table where there is none yet. */
export function documentTableSql({ name }: ReadModelTable<Document>): string {
  return `create table if not exists ${name} (
    generation integer not null,
    stream_id uuid not null,
    tenant_id text not null,
    owner_id text not null,
    key text not null,
    value json not null,
    primary key (generation, stream_id, key)
  ) partition by list (generation)`;
}
