import { Module } from '@nestjs/common';
import { EventLogModule } from '#event-log';
import { Backups } from './backups.js';
import { Exports } from './exports.js';
import { ScheduledBackups } from './scheduled-backups.js';

/** Backups and exports. Needs the global PlatformModule. */
@Module({
  imports: [EventLogModule],
  providers: [Backups, Exports, ScheduledBackups],
  exports: [Backups, Exports, ScheduledBackups],
})
export class ArchiveModule {}
