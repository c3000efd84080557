import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { metrics, ProcessReports } from '#platform';
import { enterRequest, isUntimed, leaveRequest, routeOf } from './request-scope.js';

const SLOW_MS = 1_000;

/** Follows every request: its id on all that is logged meanwhile, its span, its time, and a line at its end. */
@Injectable()
export class RequestObserver implements OnModuleInit {
  private readonly logger = new Logger('Requests');

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly reports: ProcessReports,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRequest', (request, _reply, done) => enterRequest(request, done));
    // a body arrives in events of the connection, which know nothing of the request
    fastify.addHook('preValidation', (request, _reply, done) => enterRequest(request, done));
    fastify.addHook('onResponse', (request, reply, done) => {
      leaveRequest(request, reply, () => this.ended(request, reply));
      done();
    });
  }

  private ended(request: FastifyRequest, reply: FastifyReply): void {
    const { elapsedTime: ms, statusCode } = reply;
    const line = `${request.method} ${request.url.split('?')[0]} ${statusCode} in ${Math.round(ms)} ms`;
    if (isUntimed(request)) {
      this.logger.debug(line);
      return;
    }
    const route = routeOf(request);
    const status = `${Math.floor(statusCode / 100)}xx`;
    metrics.requestSeconds.observe({ method: request.method, route, status }, ms / 1_000);
    if (route.startsWith('/api/')) this.reports.observeRequest(ms);
    if (ms > SLOW_MS) this.logger.warn(`slow: ${line}`);
    else this.logger.debug(line);
  }
}
