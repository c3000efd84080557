import { Module } from '@nestjs/common';
import { AdminModule } from '#admin';
import { ProjectionsModule } from '#projections';
import { AuditController } from './audit.controller.js';
import { BoundedVerifications } from './bounded-verifications.service.js';
import { ParkedController } from './parked.controller.js';
import { ProcessesController } from './processes.controller.js';
import { AdminProjectionsController } from './projections.controller.js';
import { RebuildProgress } from './rebuild-progress.service.js';
import { RebuildsController } from './rebuilds.controller.js';
import { RepairsController } from './repairs.controller.js';

/** What administrators do over HTTP. Every route asks for `admin:read` or `admin:write`. Needs the global PlatformModule. */
@Module({
  imports: [AdminModule, ProjectionsModule],
  controllers: [
    AdminProjectionsController,
    RebuildsController,
    RepairsController,
    ParkedController,
    AuditController,
    ProcessesController,
  ],
  providers: [BoundedVerifications, RebuildProgress],
})
export class AdminApiModule {}
