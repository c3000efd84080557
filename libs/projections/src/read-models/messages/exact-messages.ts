import { Injectable } from '@nestjs/common';
import type { MessageState } from '#model';
import { InFlightFolds } from '../../reading/in-flight.folds.js';
import { chunksAt } from './chunks-at.js';
import type { MessageVersion } from './message-version.js';
import type { MessageView } from './message-view.js';

/** Messages as they stand at the view's seq: those in flight are folded from their own events. */
@Injectable()
export class ExactMessages {
  constructor(private readonly folds: InFlightFolds) {}

  async of(view: MessageView, version: MessageVersion): Promise<MessageState> {
    if (version.inFlight === 'answer') return this.folds.answer(view, version.message, view.at);
    // chunks of the tail are folded with it already
    if (version.inFlight === 'chunks' && !view.changed.has(version.message.id))
      return chunksAt(this.folds, view, version, view.at);
    return version.message;
  }
}
