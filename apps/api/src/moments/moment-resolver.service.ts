import { Injectable } from '@nestjs/common';
import type { Principal } from '#conversations';
import { EventLog } from '#event-log';
import { StreamTimes } from '#projections';
import { notFound, ProblemError, streamAhead } from '../http/problem.error.js';

/** A position of one history: what was there at it never changes. */
export type ResolvedMoment = { seq: number; head: number; epoch: string };

/** Which seq a client means. */
@Injectable()
export class MomentResolver {
  constructor(
    private readonly log: EventLog,
    private readonly times: StreamTimes,
  ) {}

  /**
   * The seq itself, the last one at or before a time, or the head where `at` is absent.
   * @throws ProblemError 409 beyond the head, 404 for a time before the first event
   */
  async resolve(principal: Principal, id: string, at: number | string | undefined): Promise<ResolvedMoment> {
    const [head, epoch] = await Promise.all([this.log.head(id), this.log.epoch()]);
    if (typeof at !== 'string') {
      if (at !== undefined && at > head) throw streamAhead('at', at, head);
      return { seq: at ?? head, head, epoch };
    }
    const seq = await this.times.seqAt(principal, id, at);
    if (seq === null) throw notFound('conversation');
    if (seq === 0) {
      throw new ProblemError(404, 'not_found', 'The conversation had not begun at that time.', {
        field: 'at',
      });
    }
    return { seq, head: Math.max(head, seq), epoch };
  }
}
