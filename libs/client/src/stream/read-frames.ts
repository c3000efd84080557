import { createParser } from 'eventsource-parser';

/** What a stream is made of. */
export type FrameListener = {
  onFrame(event: string, data: string): void;
  /** When the server asks to come back. */
  onRetry(ms: number): void;
  /** Something came, be it a comment. */
  onBytes(): void;
};

/** Reads a `text/event-stream` body to its end. @throws what the body fails with */
export async function readFrames(body: ReadableStream<Uint8Array>, listener: FrameListener): Promise<void> {
  const parser = createParser({
    onEvent: ({ event, data }) => listener.onFrame(event ?? 'message', data),
    onRetry: (ms) => listener.onRetry(ms),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      listener.onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // the rest of a body that nobody reads would hold its connection
    await reader.cancel().catch(() => undefined);
  }
}
