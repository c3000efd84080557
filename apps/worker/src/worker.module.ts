import { Module } from '@nestjs/common';
import { ArchiveModule } from '#archive';
import { AssistantModule } from '#assistant';
import { ConversationsModule } from '#conversations';
import { EventLogModule } from '#event-log';
import { ProjectionsModule } from '#projections';
import { ProjectProcessor } from './project.processor.js';
import { RebuildProcessor } from './rebuild.processor.js';
import { TurnSignalsModule } from './turn-signals.module.js';
import { TurnsProcessor } from './turns.processor.js';
import { Workers } from './workers.service.js';

/** Everything that runs outside requests: turns, projections, and the timers that find what was lost. */
@Module({
  imports: [
    ArchiveModule,
    AssistantModule,
    ConversationsModule,
    EventLogModule,
    ProjectionsModule,
    TurnSignalsModule,
  ],
  providers: [TurnsProcessor, ProjectProcessor, RebuildProcessor, Workers],
  exports: [Workers],
})
export class WorkerModule {}
