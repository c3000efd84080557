import { Injectable } from '@nestjs/common';
import type { MessageState } from '#model';
import { InFlightFolds } from '../../reading/in-flight.folds.js';
import { rowBefore, versionOfRow } from './message-rows.js';
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
      return this.chunks(view, version);
    return version.message;
  }

  private async chunks(view: MessageView, version: MessageVersion): Promise<MessageState> {
    const { q, streamId, at } = view;
    if (version.foldedSeq <= at)
      return this.folds.chunks(q, streamId, version.message, version.foldedSeq, at);
    // the row has grown beyond the asked seq: begin at what the message was before its chunks
    const before = await rowBefore(view, version.message.id, version.validFrom);
    if (!before) throw new Error(`message ${version.message.id} has chunks and no version before them`);
    const { message } = versionOfRow(before);
    return this.folds.chunks(q, streamId, message, version.validFrom - 1, at);
  }
}
