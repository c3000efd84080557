import { Module } from '@nestjs/common';
import { CommandsModule } from '#commands';
import { EventLogModule } from '#event-log';
import { ProjectionsModule } from '#projections';
import { AdminActions } from './admin-actions.js';
import { AdminAudit } from './admin-audit.js';
import { AdminStream } from './admin-stream.js';

/** What administrators do, and the record of it. Needs the global PlatformModule. */
@Module({
  imports: [CommandsModule, EventLogModule, ProjectionsModule],
  providers: [AdminActions, AdminAudit, AdminStream],
  exports: [AdminActions, AdminAudit],
})
export class AdminModule {}
