import { lineageAt, type StreamInfo } from '#event-log';

/**
 * One stream's part in the rows of a conversation: its rows with `valid_from` <= `upTo` count. A conversation that was not
 * forked has one layer, its own; a fork has one for each stream of its lineage, oldest first, and then its own.
 */
export type Layer = { streamId: string; upTo: number };

/** The layers of a stream as it was at `at`; the last one is the stream that `at` falls in. */
export function layersOf(stream: Pick<StreamInfo, 'streamId' | 'lineage'>, at: number): Layer[] {
  return lineageAt(stream, at);
}

/** The layer that holds the event `seq`, and so the rows that begin to be valid there. */
export function layerOf(layers: readonly Layer[], seq: number): Layer | undefined {
  return layers.find(({ upTo }) => seq <= upTo);
}

/** The layers as two parameters of a query: `unnest($n::uuid[], $m::bigint[]) with ordinality as l (stream_id, up_to, n)`. */
export function layerValues(layers: readonly Layer[]): [string[], number[]] {
  return [layers.map(({ streamId }) => streamId), layers.map(({ upTo }) => upTo)];
}
