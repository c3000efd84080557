import { Logger } from '@nestjs/common';

/**
 * Asks the log, every `pollMs`, how far the watched streams are: the one thing that finds what a lost signal would
 * have said. One query a process, none while nothing is watched; the next poll starts after the last one ended.
 */
export class HeadPoll {
  private readonly logger = new Logger('Signals');
  private timer: NodeJS.Timeout | null = null;
  private polling: Promise<void> | null = null;
  private again = false;
  private closed = false;
  private failing = false;

  constructor(
    private readonly pollMs: number,
    private readonly watched: () => string[],
    private readonly heads: (streamIds: string[]) => Promise<ReadonlyMap<string, number>>,
    private readonly found: (streamId: string, seq: number) => void,
  ) {}

  /** Something is watched: keep polling. */
  start(): void {
    if (this.timer || this.polling || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.now();
    }, this.pollMs);
    this.timer.unref();
  }

  /** Poll at once: signals may have been missed. While a poll is running, one more follows it. */
  async now(): Promise<void> {
    if (this.polling) {
      this.again = true;
      return this.polling;
    }
    this.polling = this.poll();
    await this.polling;
    this.polling = null;
    if (this.again) {
      this.again = false;
      await this.now();
    } else if (this.watched().length > 0) {
      this.start();
    }
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private async poll(): Promise<void> {
    // This poll is also the one that the timer would start.
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const watched = this.watched();
    if (watched.length === 0 || this.closed) return;
    try {
      for (const [streamId, seq] of await this.heads(watched)) this.found(streamId, seq);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`the poll of stream heads fails: ${error}`);
      this.failing = true;
    }
  }
}
