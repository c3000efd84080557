import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { notFound } from './errors.js';

/** Finds where a message or turn lives by its bare id. Says nothing about access: whoever acts there is checked there. */
@Injectable()
export class EntityLocator {
  constructor(private readonly log: EventLog) {}

  /** The stream that made it. @throws DomainRefusal not_found; LogUnavailable */
  async streamOf(what: 'message' | 'turn', id: string): Promise<string> {
    const entity = await this.log.entity(id);
    if (!entity) throw notFound(what, id);
    return entity.streamId;
  }
}
