import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminActions } from '#admin';
import { idSchema, type Repair, repairSchema, rebuiltStreamSchema } from '#contracts';
import type { RebuiltStream } from '#projections';
import { Answers } from '../http/answers.decorator.js';
import { RequireScope } from '../http/require-scope.decorator.js';
import { Acting, type ActingAdmin } from './acting-admin.decorator.js';

/** The rows of one conversation, or project, made anew. */
@ApiTags('admin')
@RequireScope('admin:write')
@Controller('api/admin/conversations')
export class RepairsController {
  constructor(private readonly actions: AdminActions) {}

  @Post(':id/rebuild')
  @Answers(200, 'Makes its rows anew from its log', z.array(rebuiltStreamSchema))
  @HttpCode(200)
  repair(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: repairSchema }) body: Repair,
  ): Promise<RebuiltStream[]> {
    return this.actions.repair(by, id, body?.projection, once);
  }
}
