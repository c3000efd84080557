/**
 * One reader's ear for one stream. It remembers the highest signalled seq and nothing else, so that a reader that is
 * busy catching up holds no events in memory, however many are committed meanwhile.
 */
export class Watch {
  private highest = 0;
  private wakeUp: (() => void) | null = null;

  get signalled(): number {
    return this.highest;
  }

  signal(seq: number): void {
    if (seq <= this.highest) return;
    this.highest = seq;
    this.wake();
  }

  /** Ends a wait without a signal. */
  wake(): void {
    this.wakeUp?.();
  }

  /** Resolves once something beyond `cursor` is signalled, after `timeoutMs`, or when woken. Not for two waiters at once. */
  async beyond(cursor: number, timeoutMs: number): Promise<void> {
    if (this.highest > cursor || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.wake(), timeoutMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = null;
        resolve();
      };
    });
  }
}
