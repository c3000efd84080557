import { ReadModelTable } from '../../tables/read-model-table.js';
import type { ProjectFields } from './project.row.js';
import type { FileFields } from './projects.fold.js';
import type { NewRow } from './row-ledger.js';
import type { VersionFields } from './version.row.js';

export const projectsTable = new ReadModelTable<NewRow<ProjectFields>>({
  name: 'projects',
  streamColumn: 'project_id',
  with: ['tenant_id', 'owner_id'],
  key: ['valid_from'],
  fillfactor: 70,
  columns: [
    { name: 'title', type: 'json', json: true, of: ({ fields }) => fields.title },
    { name: 'metadata', type: 'json', json: true, of: ({ fields }) => fields.metadata },
    { name: 'forked_from', type: 'json', json: true, of: ({ fields }) => fields.forkedFrom },
    { name: 'version', type: 'integer', of: ({ fields }) => fields.version },
    { name: 'files', type: 'integer', of: ({ fields }) => fields.files },
    { name: 'bytes', type: 'bigint', of: ({ fields }) => fields.bytes },
    { name: 'updated_at', type: 'timestamptz', of: ({ fields }) => fields.updatedAt },
    { name: 'updated_seq', type: 'bigint', of: ({ fields }) => fields.updatedSeq },
    { name: 'created_at', type: 'timestamptz', of: ({ fields }) => fields.createdAt },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  ],
});

export const versionsTable = new ReadModelTable<NewRow<VersionFields>>({
  name: 'project_versions',
  streamColumn: 'project_id',
  with: ['tenant_id'],
  key: ['version', 'valid_from'],
  fillfactor: 90,
  columns: [
    { name: 'version', type: 'integer', of: ({ fields }) => fields.version },
    { name: 'seq', type: 'bigint', of: ({ fields }) => fields.seq },
    { name: 'turn_id', type: 'uuid', of: ({ fields }) => fields.turnId },
    { name: 'conversation_id', type: 'uuid', of: ({ fields }) => fields.conversationId },
    { name: 'conversation_seq', type: 'bigint', of: ({ fields }) => fields.conversationSeq },
    { name: 'outcome', type: 'text', of: ({ fields }) => fields.outcome },
    { name: 'restored_from', type: 'integer', of: ({ fields }) => fields.restoredFrom },
    { name: 'name', type: 'json', json: true, of: ({ fields }) => fields.name },
    { name: 'starred', type: 'boolean', of: ({ fields }) => fields.starred },
    { name: 'files', type: 'integer', of: ({ fields }) => fields.files },
    { name: 'bytes', type: 'bigint', of: ({ fields }) => fields.bytes },
    { name: 'created_at', type: 'timestamptz', of: ({ fields }) => fields.createdAt },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  ],
});

export const filesTable = new ReadModelTable<NewRow<FileFields>>({
  name: 'files',
  streamColumn: 'project_id',
  with: ['tenant_id'],
  key: ['path', 'valid_from'],
  fillfactor: 90,
  columns: [
    { name: 'path', type: 'text', of: ({ fields }) => fields.path },
    { name: 'type', type: 'text', of: ({ fields }) => fields.type },
    { name: 'sha256', type: 'text', of: ({ fields }) => fields.sha256 },
    { name: 'size', type: 'bigint', of: ({ fields }) => fields.size },
    { name: 'from_version', type: 'integer', of: ({ fields }) => fields.fromVersion },
    { name: 'to_version', type: 'integer', of: ({ fields }) => fields.toVersion },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  ],
});
