import { setTimeout as pause } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import type { ApiEvent } from './conversation-probe.js';
import { parseFrame } from './sse-client.js';

/** A client that follows a conversation through every fault, as the protocol says: it comes back after its last id. */
export class LiveReader {
  readonly events: ApiEvent[] = [];
  private stopped = false;
  private readonly done: Promise<void>;

  /** `url` is asked for at each connection: the server may have come back elsewhere. */
  constructor(
    private readonly url: () => string,
    private readonly conversationId: string,
  ) {
    this.done = this.run();
  }

  get lastSeq(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.connection();
      } catch {
        // refused or cut: the loop is what the reader does about it
      }
      await pause(20);
    }
  }

  private async connection(): Promise<void> {
    const path = `/api/conversations/${this.conversationId}/stream`;
    const response = await new ApiClient(this.url()).open({
      path,
      headers: { 'last-event-id': String(this.lastSeq) },
    });
    const watch = setInterval(() => this.stopped && response.destroy(), 20);
    let rest = '';
    try {
      if (response.statusCode !== 200) return;
      for await (const chunk of response.setEncoding('utf8')) {
        const parts = (rest + (chunk as string)).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const frame = parseFrame(part);
          if (frame.id !== null) this.events.push(frame.json as ApiEvent);
        }
      }
    } finally {
      clearInterval(watch);
      response.destroy();
    }
  }
}
