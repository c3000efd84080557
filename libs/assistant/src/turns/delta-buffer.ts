import type { RawEvent } from '../claude/claude-client.js';
import { pause } from './pause.js';

export type DeltaBufferOptions = {
  /** Commits the events, in order. A rejection is final. */
  write: (events: RawEvent[]) => Promise<void>;
  /** Called once when the buffer fails, so that whoever feeds it stops. */
  onFailure: (error: unknown) => void;
  /** Default 256 KiB. */
  maxBytes?: number;
  /** A unit that has so many bytes takes no more. Default 64 KiB. */
  unitBytes?: number;
  /** Between two units: other writers of the stream find room, and a fast model makes larger units. Default 3. */
  gapMs?: number;
};

type Waiting = { event: RawEvent; bytes: number };

/**
 * Deltas on their way into the log. While one unit is being committed the next ones gather, and go as one unit: the
 * slower the log, the larger the units. Order is kept; nothing is dropped but by a failure.
 * With more than `maxBytes` not committed, `push` waits, and so does the model: a full buffer reads no further.
 */
export class DeltaBuffer {
  private waiting: Waiting[] = [];
  /** Of all events that are not committed, those of the unit under way included. */
  private bytes = 0;
  private pumping: Promise<void> | null = null;
  private failure: { error: unknown } | null = null;
  private onRoom: (() => void) | null = null;

  constructor(private readonly options: DeltaBufferOptions) {}

  /** Resolves when the buffer can take another event; not to be called again before. @throws what `write` threw */
  async push(event: RawEvent): Promise<void> {
    const { maxBytes = 256 * 1024 } = this.options;
    this.throwIfFailed();
    const bytes = Buffer.byteLength(JSON.stringify(event));
    this.waiting.push({ event, bytes });
    this.bytes += bytes;
    this.pumping ??= this.pump();
    while (this.bytes > maxBytes) {
      await new Promise<void>((resolve) => (this.onRoom = resolve));
      this.throwIfFailed();
    }
  }

  /** Resolves when everything pushed is committed. @throws what `write` threw */
  async flush(): Promise<void> {
    while (this.pumping !== null) await this.pumping;
    this.throwIfFailed();
  }

  private throwIfFailed(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  private async pump(): Promise<void> {
    const { write, onFailure, gapMs = 3 } = this.options;
    try {
      // Events of the same tick go together.
      await Promise.resolve();
      while (this.waiting.length > 0) {
        const unit = this.takeUnit();
        await write(unit.map(({ event }) => event));
        this.bytes -= unit.reduce((sum, { bytes }) => sum + bytes, 0);
        this.onRoom?.();
        if (this.waiting.length > 0) await pause(gapMs);
      }
    } catch (error) {
      this.failure = { error };
      this.waiting = [];
      this.onRoom?.();
      onFailure(error);
    } finally {
      this.pumping = null;
    }
  }

  private takeUnit(): Waiting[] {
    const { unitBytes = 64 * 1024 } = this.options;
    let [count, size] = [0, 0];
    while (count < this.waiting.length && (count === 0 || size < unitBytes))
      size += this.waiting[count++]!.bytes;
    return this.waiting.splice(0, count);
  }
}
