import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FileAtSeq, fileAtSeqSchema, type GetFile, getFileSchema, idSchema } from '#contracts';
import type { Principal } from '#commands';
import { ProjectReads } from '#projections';
import { Answers } from '../http/answers.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { present } from './project-views.service.js';

/** Single files of a project, at any place of its log. */
@ApiTags('projects')
@Controller('api/projects/:id/files')
export class ProjectFilesController {
  constructor(private readonly reads: ProjectReads) {}

  @Get()
  @Answers(200, 'A file as it was at a place of the log', fileAtSeqSchema)
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: getFileSchema }) { path, at }: GetFile,
  ): Promise<FileAtSeq> {
    return present(await this.reads.fileAt(principal, id, path, { at }), 'file');
  }
}
