import { Global, Module } from '@nestjs/common';
import { FORKED_PROJECTS } from '#conversations';
import { ProjectionsModule } from '#projections';
import { ProjectsModule } from '#projects';
import { ProjectCopies } from './project-copies.service.js';

/** Lets a fork of a conversation make a copy of its project: neither of the two libraries knows the other. */
@Global()
@Module({
  imports: [ProjectionsModule, ProjectsModule],
  providers: [ProjectCopies, { provide: FORKED_PROJECTS, useExisting: ProjectCopies }],
  exports: [FORKED_PROJECTS],
})
export class ForkedProjectsModule {}
