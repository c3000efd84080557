import type Anthropic from '@anthropic-ai/sdk';
import type {
  BetaRawMessageStreamEvent,
  MessageCreateParamsStreaming,
} from '@anthropic-ai/sdk/resources/beta/messages';
import type { ModelRequest, RawEvent } from './claude-client.js';
import { ModelCallError } from './model-call-error.js';
import type { UpstreamWatch } from './upstream-watch.js';

/** After `message_stop` the answer is whole; how long the connection may take to end. */
const closingMs = 1_000;

/** The events of one call, as they come. To be closed, however it ends. */
export class ModelStream {
  private stopped = false;

  private constructor(
    private readonly events: AsyncIterator<BetaRawMessageStreamEvent>,
    private readonly watch: UpstreamWatch,
  ) {}

  /** Resolves when the server has said that a stream will come. @throws what the SDK or the watch says */
  static async open(sdk: Anthropic, request: ModelRequest, watch: UpstreamWatch): Promise<ModelStream> {
    watch.begin();
    try {
      const params = { ...request, stream: true } as unknown as MessageCreateParamsStreaming;
      const stream = await sdk.beta.messages.create(params, { signal: watch.signal });
      watch.end();
      return new ModelStream(stream[Symbol.asyncIterator](), watch);
    } catch (error) {
      watch.close();
      throw watch.reason ?? error;
    }
  }

  /** The next event; null after the last one of a whole answer. @throws what the SDK or the watch says; ModelCallError */
  async next(): Promise<RawEvent | null> {
    const { watch } = this;
    try {
      watch.begin();
      const { done, value } = await this.events.next();
      watch.end();
      if (done !== true) {
        const event = value as unknown as RawEvent;
        if (event.type === 'message_stop' && !this.stopped) {
          this.stopped = true;
          watch.hurry(closingMs);
        }
        return event;
      }
    } catch (error) {
      // once the message has stopped, how the connection ends is no matter
      if (!this.stopped || watch.reason?.code === 'aborted') throw watch.reason ?? error;
    }
    if (this.stopped) return null;
    throw new ModelCallError('stream_truncated', 'the stream ended before message_stop', true);
  }

  close(): void {
    this.watch.close();
  }
}
