import { fileType, readProjectEvent, type LoggedEvent, type ProjectState } from '#model';
import type { StreamInfo } from '#event-log';
import type { ReadModelRow } from '../tables/read-model-table.js';
import type { ExpectedRows } from './current-rows.js';

/** What the events say of each version for ever, by its number. */
export type MadeVersions = Map<number, ReadModelRow>;

export function noteVersion(made: MadeVersions, logged: LoggedEvent): void {
  const read = readProjectEvent(logged);
  if (!read.ok) return;
  const { type, data, seq, at } = read.event;
  if (type === 'ProjectVersionCommitted') {
    made.set(data.version, {
      seq,
      created_at: at,
      turn_id: data.turnId,
      conversation_id: data.conversationId,
      conversation_seq: data.conversationSeq,
      outcome: data.outcome,
      restored_from: null,
    });
  } else if (type === 'ProjectVersionRestored') {
    const { version, ofVersion: restored_from } = data;
    const of = { turn_id: null, conversation_id: null, conversation_seq: null, outcome: null };
    made.set(version, { seq, created_at: at, ...of, restored_from });
  }
}

/** The rows of a project, its versions and its files that stand. */
export function expectedProject(
  { streamId, tenantId, ownerId }: StreamInfo,
  state: ProjectState,
  made: MadeVersions,
): ExpectedRows[] {
  const files = Object.entries(state.files);
  const own = { project_id: streamId, tenant_id: tenantId };
  const project = {
    ...own,
    owner_id: ownerId,
    title: state.title,
    metadata: state.metadata,
    forked_from: state.forkedFrom,
    version: state.version,
    files: files.length,
    bytes: state.bytes,
    updated_at: state.updatedAt,
    updated_seq: state.seq,
    created_at: state.createdAt,
  };
  const versions = [...made].map(([version, facts]) => {
    const { name = null, starred = false } = state.labels[version] ?? {};
    return { ...own, version, ...facts, name, starred };
  });
  const tree = files.map(([path, { sha256, size, seq }]) => {
    return { ...own, path, sha256, size, type: fileType(path), valid_from: seq };
  });
  return [
    { table: 'projects', key: ['project_id'], rows: [project] },
    { table: 'project_versions', key: ['version'], rows: versions },
    { table: 'files', key: ['path'], rows: tree },
  ];
}
