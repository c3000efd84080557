import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { processReportSchema } from '#contracts';
import { type ProcessReport, ProcessReports } from '#platform';
import { Answers } from '../http/answers.decorator.js';
import { RequireScope } from '../http/require-scope.decorator.js';

/** The processes that run now. */
@ApiTags('admin')
@RequireScope('admin:read')
@Controller('api/admin/processes')
export class ProcessesController {
  constructor(private readonly reports: ProcessReports) {}

  @Get()
  @Answers(200, 'The processes that run now, and how they are doing', z.array(processReportSchema))
  list(): Promise<ProcessReport[]> {
    return this.reports.recent();
  }
}
