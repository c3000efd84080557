import { BetaMessageStream } from '@anthropic-ai/sdk/lib/BetaMessageStream';
import type { RawEvent } from '../samples/answers.js';

/** The message that the official SDK makes of the events, as plain JSON. @throws what the SDK refuses them with */
export async function sdkMessage(events: readonly RawEvent[]): Promise<unknown> {
  const lines = new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(lines);
      controller.close();
    },
  });
  const message = await BetaMessageStream.fromReadableStream(stream).finalMessage();
  return JSON.parse(JSON.stringify(message));
}
