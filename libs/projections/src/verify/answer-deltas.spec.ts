import type { LoggedEvent } from '#model';
import { withNeededDeltas } from './answer-deltas.js';

const event = (seq: number, type: string, data: unknown = {}): LoggedEvent => {
  return { seq, type, at: '', schemaVersion: 1, data, metadata: {} };
};
const begin = (seq: number, messageId: string) => event(seq, 'AssistantMessageStarted', { messageId });
const complete = (seq: number, messageId: string) => event(seq, 'AssistantMessageCompleted', { messageId });

/** The seqs in the order in which they come, and the ranges of deltas that were read. */
async function merged(...events: LoggedEvent[]): Promise<{ seqs: number[]; read: [number, number][] }> {
  const read: [number, number][] = [];
  const seqs: number[] = [];
  const known = new Set(events.map(({ seq }) => seq));
  const deltasOf = async ({ after, upTo }: { after: number; upTo: number }) => {
    read.push([after, upTo]);
    const all = Array.from({ length: upTo - after - 1 }, (_, i) => after + 1 + i);
    return all.filter((seq) => !known.has(seq)).map((seq) => event(seq, 'StreamDeltaReceived'));
  };
  for await (const { seq } of withNeededDeltas(events, deltasOf)) seqs.push(seq);
  return { seqs, read };
}

describe('the deltas that the model needs', () => {
  it('are none of an answer that was completed, nor of one in flight', async () => {
    const all = [
      event(1, 'TurnStarted'),
      begin(2, 'a'),
      complete(6, 'a'),
      begin(8, 'b'),
      event(10, 'MessagePosted'),
    ];
    expect(await merged(...all)).toEqual({ seqs: [1, 2, 6, 8, 10], read: [] });
  });

  it.each(['TurnFailed', 'TurnCancelled', 'TurnInterrupted', 'TurnCompleted'])(
    'are those of an answer that a %s cut off, in their places',
    async (type) => {
      const all = [begin(2, 'a'), event(4, 'MessagePosted'), event(6, type), event(7, 'ConversationRenamed')];
      expect(await merged(...all)).toEqual({ seqs: [2, 3, 4, 5, 6, 7], read: [[2, 6]] });
    },
  );

  it('are those of an answer that another one followed, and none of the completion of another message', async () => {
    expect(await merged(begin(1, 'a'), begin(3, 'b'), complete(5, 'b'))).toEqual({
      seqs: [1, 2, 3, 5],
      read: [[1, 3]],
    });
    const other = await merged(begin(1, 'a'), complete(3, 'b'), event(5, 'TurnFailed'));
    expect(other).toEqual({ seqs: [1, 2, 3, 4, 5], read: [[1, 5]] });
  });
});
