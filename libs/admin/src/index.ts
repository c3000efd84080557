export { AdminActions, type RebuildOrder } from './admin-actions.js';
export { AdminAudit } from './admin-audit.js';
export { AdminModule } from './admin.module.js';
export { adminStreamId } from './admin-stream.js';
export { commandLineAdministrator, type Administrator, type AskedOnce } from './administrator.js';
export type { AdminDeed, AuditEntry } from './audit-entry.js';
