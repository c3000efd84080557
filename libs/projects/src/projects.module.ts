import { Module } from '@nestjs/common';
import { CommandsModule } from '#commands';
import { EventLogModule } from '#event-log';
import { ProjectCommands } from './project-commands.js';
import { ProjectExecutor } from './project-executor.js';
import { ProjectFiles } from './project-files.js';
import { ProjectForks } from './project-forks.js';
import { ProjectRepository } from './project.repository.js';

const services = [ProjectCommands, ProjectFiles, ProjectForks, ProjectRepository];

/** The write side of projects. Needs the global PlatformModule. */
@Module({
  imports: [CommandsModule, EventLogModule],
  providers: [...services, ProjectExecutor],
  exports: services,
})
export class ProjectsModule {}
