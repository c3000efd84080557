import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config, JobQueues, queueNames } from '#platform';
import { ProblemError } from '../http/problem.error.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { requireScope } from '../http/require-scope.js';

const PATH = '/admin/queues';
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** To its types a queue is one in Redis; it uses what every queue has. */
type ShownQueue = ConstructorParameters<typeof BullMQAdapter>[0];

/**
 * Bull Board: what waits and what failed in the queues, in a browser. Whoever may see how the service stands may look;
 * only whoever may change it may touch a job. Outside Nest's routes, so it asks what their guards ask by itself.
 */
@Injectable()
export class QueueBoard implements OnModuleInit {
  private readonly filter = new ProblemFilter();
  private readonly adapter = new FastifyAdapter().setBasePath(PATH);
  private readonly board = createBullBoard({
    queues: [],
    serverAdapter: this.adapter,
    options: { uiConfig: { boardTitle: 'LOL Chat Log' } },
  });
  private shown: unknown[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly host: HttpAdapterHost,
    private readonly queues: JobQueues,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register((scope, _options, done) => {
      scope.addHook('onRequest', (request, reply) => this.admit(request, reply));
      void scope.register(this.adapter.registerPlugin(), { prefix: PATH });
      done();
    });
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      const scope = SAFE_METHODS.has(request.method) ? 'admin:read' : 'admin:write';
      requireScope(this.config, request, scope, { page: true });
      await this.showQueues();
    } catch (error) {
      this.filter.answer(error, request, reply);
    }
  }

  /** A queue whose store was away is another object afterwards. @throws ProblemError 503 while it is away */
  private async showQueues(): Promise<void> {
    const found = await Promise.all(queueNames.map((name) => this.queues.queue(name)));
    const ready = found.filter((queue) => queue !== null);
    if (ready.length < found.length) throw queuesAway();
    if (ready.every((queue, index) => queue === this.shown[index])) return;
    this.board.replaceQueues(ready.map((queue) => new BullMQAdapter(queue as unknown as ShownQueue)));
    this.shown = ready;
  }
}

function queuesAway(): ProblemError {
  const message = 'The queues cannot be reached right now. Jobs are hints: nothing is lost meanwhile.';
  return new ProblemError(503, 'queue_unavailable', message, { headers: { 'Retry-After': '1' } });
}
