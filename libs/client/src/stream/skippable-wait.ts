/** Waits that can be ended early, all at once: by a wish to go on, or because nobody wants to any more. */
export class SkippableWait {
  private readonly waiting = new Set<() => void>();

  /** Resolves after so many milliseconds, or with the next `skip`. Leaves no timer behind. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.waiting.add(end);
    });
  }

  skip(): void {
    for (const end of this.waiting) end();
  }
}
