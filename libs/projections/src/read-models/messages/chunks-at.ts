import type { MessageState } from '#model';
import type { InFlightFolds } from '../../reading/in-flight.folds.js';
import { layerOf } from '../../reading/layers.js';
import { rowBefore, versionOfRow } from './message-rows.js';
import type { MessageVersion } from './message-version.js';
import type { MessageView } from './message-view.js';

type Place = Pick<MessageView, 'q' | 'generation' | 'layers' | 'streamId'>;

/**
 * A message that grows by chunks, after those up to `upTo`. Its row holds them up to `foldedSeq`; where that is later than
 * asked, or later than its stream's layer, the row has grown beyond: then begin at what the message was before its chunks.
 */
export async function chunksAt(
  folds: InFlightFolds,
  place: Place,
  version: MessageVersion,
  upTo: number,
): Promise<MessageState> {
  const { q, streamId, layers } = place;
  const last = Math.min(upTo, layerOf(layers, version.validFrom)?.upTo ?? upTo);
  if (version.foldedSeq <= last) return folds.chunks(q, streamId, version.message, version.foldedSeq, upTo);
  const { id } = version.message;
  const row = await rowBefore(place, id, version.validFrom);
  if (!row) throw new Error(`message ${id} has chunks and no version before them`);
  const before = versionOfRow(row);
  const begin = version.validFrom - 1;
  // a fork's first chunk on an inherited message may follow chunks that it inherited
  const message = before.inFlight === 'chunks' ? await chunksAt(folds, place, before, begin) : before.message;
  return folds.chunks(q, streamId, message, begin, upTo);
}
