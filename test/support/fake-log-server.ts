import type { LogEvent } from '#contracts';

type Reader = { after: number; send: (text: string) => void; end: () => void; fail: () => void };

/** A log behind the routes that a stream needs, in memory: what it sends, withholds and cuts is the test's to say. */
export class FakeLogServer {
  readonly events: LogEvent[] = [];
  readonly readers = new Set<Reader>();
  /** Connections that were opened, and pages of the log that were read. */
  opened = 0;
  pagesRead = 0;
  epoch = 'one';
  /** Answers to the next connections, instead of streams. */
  refusals: (() => Response)[] = [];

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(urlOf(input), 'http://made.up');
    init?.signal?.throwIfAborted();
    if (url.pathname.endsWith('/events')) return this.page(Number(url.searchParams.get('after')));
    return this.stream(Number(url.searchParams.get('after')), init?.signal ?? null);
  };

  /** One more event, sent to all who listen. */
  append(count = 1): void {
    for (let n = 0; n < count; n += 1) {
      const event = {
        seq: this.events.length + 1,
        type: 'X',
        at: '2026-11-01T00:00:00.000Z',
        data: {},
        metadata: {},
      };
      this.events.push(event);
      for (const reader of this.readers) reader.send(frameOf(event));
    }
  }

  /** Ends all connections, as a dead network does. */
  cut(): void {
    for (const reader of this.readers) reader.fail();
  }

  private page(after: number): Response {
    this.pagesRead += 1;
    const items = this.events.slice(after, after + 1_000);
    const headers = { 'content-type': 'application/json' };
    return new Response(JSON.stringify(items), { headers });
  }

  private stream(after: number, signal: AbortSignal | null): Response {
    this.opened += 1;
    const refusal = this.refusals.shift();
    if (refusal) return refusal();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const leave = (): void => void this.readers.delete(reader);
        const reader: Reader = {
          after,
          send: (text) => controller.enqueue(encoder.encode(text)),
          end: () => {
            leave();
            controller.close();
          },
          fail: () => {
            leave();
            controller.error(new TypeError('terminated'));
          },
        };
        this.readers.add(reader);
        signal?.addEventListener('abort', () => {
          if (this.readers.has(reader)) reader.fail();
        });
        const opening = { from: after, head: this.events.length, epoch: this.epoch };
        reader.send(`event: stream_open\ndata: ${JSON.stringify(opening)}\n\n`);
        for (const event of this.events.slice(after)) reader.send(frameOf(event));
        reader.send(`event: caught_up\ndata: {"seq":${this.events.length}}\n\n`);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }
}

export function frameOf(event: LogEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** What a `fetch` was asked for. */
export function urlOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : input.toString();
}
