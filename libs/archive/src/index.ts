export { ArchiveModule } from './archive.module.js';
export type { ArchiveOptions, ArchiveProgress } from './archive-options.js';
export { ArchiveRefused, type RefusalCode } from './archive-refused.js';
export { Backups, type BackupReport, type RestoreReport } from './backups.js';
export type { BackupHeader, BackupManifest } from './backup/backup-manifest.js';
export type { PartFile } from './files/part-file.js';
export { Exports, type ExportReport, type ImportReport } from './exports.js';
export { ScheduledBackups } from './scheduled-backups.js';
