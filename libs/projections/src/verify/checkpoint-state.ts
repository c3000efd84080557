import type { ReadModelRow } from '../tables/read-model-table.js';
import { differencesOf, type RowDifference } from './row-differences.js';

const table = { name: 'projection_checkpoints', key: ['stream_id'], columns: [], growing: [] };

/** What is kept with the checkpoint for the next fold must be what the fold from nothing ends with. */
export function stateDifferences(
  streamId: string,
  stored: unknown,
  expected: unknown,
  limit?: number,
): RowDifference[] {
  const side = (state: unknown) => [{ table, rows: [{ stream_id: streamId, state: settled(state) }] }];
  return differencesOf(side(stored), side(expected), limit);
}

/** Without what depends on where batches ended: how many deltas were seen, and in which order messages grow. */
function settled(state: unknown): unknown {
  if (typeof state !== 'object' || state === null) return state;
  const { chunking, conversation, ...rest } = state as ReadModelRow & { chunking?: string[] };
  return {
    ...withoutSeq(rest),
    ...(chunking && { chunking: chunking.toSorted() }),
    ...(conversation !== undefined && { conversation: withoutSeq(conversation as ReadModelRow) }),
  };
}

function withoutSeq(state: ReadModelRow): ReadModelRow {
  return { ...state, seq: undefined };
}
