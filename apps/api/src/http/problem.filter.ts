import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemFor } from './problem-mapping.js';

/** Turns every error into one problem answer. Faults of ours are logged whole and told without detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also serves errors that arise before any route is found. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { problem, headers } = problemFor(error, request.id);
    if (problem.status >= 500) this.report(error, request, problem.status);
    // A streamed answer cannot become a problem any more: cutting it tells the client to resume.
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply
      .status(problem.status)
      .headers({ 'X-Request-Id': request.id, ...headers })
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  }

  private report(error: unknown, request: FastifyRequest, status: number): void {
    const line = `${request.method} ${request.url.split('?')[0]} answered ${status} (request ${request.id})`;
    if (status === 503)
      this.logger.warn(`${line}: ${error instanceof Error ? error.message : String(error)}`);
    else this.logger.error(line, error instanceof Error ? error.stack : String(error));
  }
}
