import { Logger } from '@nestjs/common';
import { encodeSignals } from './signal-payload.js';
import type { SignalTransport } from './signal-transport.js';

/** A first signal goes out at once; then at most one publication in so many milliseconds, whatever the commit rate. */
const minIntervalMs = 10;

/** Coalesces signals: per stream only the highest seq waits, and one publication is under way at a time. */
export class SignalPublisher {
  private readonly logger = new Logger('Signals');
  private waiting = new Map<string, number>();
  private busy = false;
  private closed = false;
  private failing = false;

  constructor(private readonly transport: SignalTransport) {}

  add(streamId: string, seq: number): void {
    if ((this.waiting.get(streamId) ?? 0) < seq) this.waiting.set(streamId, seq);
    if (!this.busy && !this.closed) void this.drain();
  }

  close(): void {
    this.closed = true;
    this.waiting.clear();
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.size > 0 && !this.closed) {
      const batch = this.waiting;
      this.waiting = new Map();
      await this.publish(encodeSignals(batch));
      await new Promise((resolve) => setTimeout(resolve, minIntervalMs).unref());
    }
    this.busy = false;
  }

  /** A lost publication is not tried again: the next commit of the stream says more, and the poll finds the last. */
  private async publish(payloads: string[]): Promise<void> {
    try {
      await this.transport.publish(payloads);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`signals are lost, readers poll: ${error}`);
      this.failing = true;
    }
  }
}
