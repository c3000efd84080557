import type { ProjectionName } from '../projection.js';
import type { RowDifference } from './row-differences.js';

/**
 * What can be found. `rows_differ`: rows are not what the projection's fold from nothing makes; `model_differs`: they do not show
 * what the model's own fold says; `unfoldable`: an event up to the checkpoint cannot be folded by this code; `gap`: behind, and
 * on no list; `beyond_head`: the checkpoint is ahead of the log; `stream_absent`: rows or a checkpoint of a stream that there
 * is not; `deltas_differ`: an answer's deltas do not fold to its stored message; `input_differs`: a tool was called with another
 * input than the answer asked for; `parked`: given up before an event, which is shown elsewhere and no fault of the rows.
 */
export const findingKinds = [
  'rows_differ',
  'model_differs',
  'unfoldable',
  'gap',
  'beyond_head',
  'stream_absent',
  'deltas_differ',
  'input_differs',
  'parked',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something that is not as it should be, in one stream. */
export type Finding = {
  streamId: string;
  /** Null: it is in the log itself. */
  projection: ProjectionName | null;
  generation: number | null;
  kind: FindingKind;
  /** The checkpoint, or the event that it is about. */
  seq: number;
  /** In words, where no values are to be compared. */
  detail: string | null;
  /** The first values that differ, at most 20. */
  differences: readonly RowDifference[];
};

/** True where rows or log are wrong; a parked stream is only slow. */
export function isFault({ kind }: Finding): boolean {
  return kind !== 'parked';
}
