import type { StreamKind } from '#event-log';
import type { LoggedEvent } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionFold, ProjectionTarget } from '../projection.js';
import type { FoldedChanges } from '../projection.js';
import type { ReadModelRows, ReadModelTable } from '../tables/read-model-table.js';
import { documentTable, documentTableSql, type Document } from './document-table.js';

/**
 * A whole projection in one object: what it keeps of each stream, by key, as JSON. The events of a stream come in order, without
 * stream deltas; `state` and the documents are plain JSON.
 */
export type DocumentDefinition<State = unknown> = {
  /** Lower case letters, digits and hyphens. It names the table too, and never changes. */
  name: string;
  version: number;
  kind: StreamKind;
  /** Before the first event of a stream. */
  initial: State;
  /** Pure: no clock, no random, no input or output. What it throws parks the stream. */
  evolve(state: State, event: LoggedEvent): State;
  /** All documents of the stream as of a state. */
  documents(state: State): Record<string, unknown>;
};

// any: the state is each definition's own.
export type AnyDocumentDefinition = DocumentDefinition<any>;
type DocumentContext = { state: unknown };
type DocumentChanges = FoldedChanges & {
  documents: Record<string, unknown>;
  before: Record<string, unknown>;
};

/** A definition as a projection: every changed document is written once a batch, and one that is no more is removed. */
export class DocumentProjection implements Projection<DocumentContext, DocumentChanges> {
  readonly name: string;
  readonly version: number;
  readonly kind: StreamKind;
  readonly foldName: string;
  readonly tables: readonly ReadModelTable<Document>[];
  readonly parentTables: string[];
  private readonly table: ReadModelTable<Document>;

  /** @throws where the name is none. */
  constructor(private readonly definition: AnyDocumentDefinition) {
    const { name, version, kind } = definition;
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new Error(`${name} is no name of a projection`);
    this.name = name;
    this.version = version;
    this.kind = kind;
    this.foldName = documentFoldName(definition);
    this.table = documentTable(name);
    this.tables = [this.table];
    this.parentTables = [documentTableSql(this.table)];
  }

  async load(_q: Queryable, { state, events }: LoadRequest): Promise<DocumentContext | null> {
    return events.length === 0 ? null : { state: state ?? this.definition.initial };
  }

  /** Of a fork only its own events count. */
  async seamState(): Promise<unknown> {
    return null;
  }

  async write(q: Queryable, target: ProjectionTarget, { documents, before }: DocumentChanges): Promise<void> {
    const changed = entriesOf(documents).filter(
      ({ key, value }) =>
        !Object.hasOwn(before, key) || JSON.stringify(value) !== JSON.stringify(before[key]),
    );
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(documents, key));
    const stale = [...gone, ...changed.map(({ key }) => key).filter((key) => Object.hasOwn(before, key))];
    if (stale.length > 0) {
      await q.query(
        `delete from ${this.table.name} where generation = $1 and stream_id = $2 and key = any ($3::text[])`,
        [target.generation, target.streamId, stale],
      );
    }
    await this.table.insert(q, target, changed);
  }

  rowsOf(target: ProjectionTarget, { documents }: DocumentChanges): ReadModelRows[] {
    return [{ table: this.table, rows: this.table.rows(target, entriesOf(documents)) }];
  }
}

/** The name of a definition's fold; each version has its own. */
export function documentFoldName({ name, version }: AnyDocumentDefinition): string {
  return `${name}@${version}`;
}

/** The pure half, for fold threads. */
export function documentFold(
  definition: AnyDocumentDefinition,
): ProjectionFold<DocumentContext, DocumentChanges> {
  return {
    fold({ state: before }, events, { begin }) {
      let state = before;
      for (const [index, event] of events.entries()) {
        begin?.(index);
        state = definition.evolve(state, event);
      }
      return {
        state,
        markers: [],
        documents: definition.documents(state),
        before: definition.documents(before),
      };
    },
  };
}

function entriesOf(documents: Record<string, unknown>): Document[] {
  return Object.entries(documents).map(([key, value]) => ({ key, value }));
}
