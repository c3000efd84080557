import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  type Health,
  healthSchema,
  type Liveness,
  livenessSchema,
  type ReadinessReport,
  readinessSchema,
} from '#contracts';
import { Answers } from '../http/answers.decorator.js';
import { OpenRoute } from '../http/open-route.decorator.js';
import { Readiness } from './readiness.service.js';

/** Whether this process lives, and whether it should get traffic. */
@ApiTags('service')
@OpenRoute()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('api/health')
  @Answers(200, 'The service answers', healthSchema)
  health(): Health {
    return { status: 'ok', timestamp: new Date().toISOString() };
  }

  /** The process answers; nothing else is looked at, so that a lost database does not get it restarted. */
  @Get('health/live')
  @Answers(200, 'The process lives', livenessSchema)
  live(): Liveness {
    return { status: 'ok' };
  }

  /** 503 until the schema is there, while the database is away, and while the process stops. */
  @Get('health/ready')
  @Answers(200, 'Requests can be served', readinessSchema)
  @Answers(503, 'Requests cannot be served now', readinessSchema)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.check();
    if (report.status !== 'ready')
      void reply.status(HttpStatus.SERVICE_UNAVAILABLE).header('Retry-After', '1');
    return report;
  }
}
