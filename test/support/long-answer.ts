import { answerEvents, type StreamReply } from '#assistant';

/** A streamed answer of so many text deltas, each with its number, some with text beyond ASCII. */
export function longAnswer(deltas: number, perSecond: number): StreamReply {
  const chunks = Array.from({ length: deltas }, (_, n) => `${n} ${n % 7 === 0 ? 'größe 漢字 🎈' : 'word'} `);
  return { kind: 'stream', items: textAnswer(chunks), speed: perSecond };
}

function textAnswer(chunks: string[]) {
  const [first] = answerEvents([{ text: '' }]);
  return [
    first as { type: string },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...chunks.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: chunks.length },
    },
    { type: 'message_stop' },
  ];
}
