import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { MetricSources } from '#platform';
import { RequireScope } from '../http/require-scope.decorator.js';

/** What this process counts and times, for Prometheus; its scrapes carry a token like any other reader's. */
@ApiExcludeController()
@RequireScope('admin:read')
@Controller()
export class MetricsController {
  constructor(private readonly sources: MetricSources) {}

  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { contentType, text } = await this.sources.page();
    void reply.header('Content-Type', contentType);
    return text;
  }
}
