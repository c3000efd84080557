const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * How long to wait before each attempt: 0.25 to 0.5 s, twice that after each failure, 10 s at most. The half that is left to
 * chance keeps the readers of a server that was away from coming back in one moment.
 */
export class BackOff {
  private failures = 0;

  constructor(private readonly random: () => number) {}

  /** Milliseconds until the next attempt; `atLeast` is what the server asks for. */
  next(atLeast = 0): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    return Math.min(LONGEST_MS, Math.max(full * (0.5 + this.random() / 2), atLeast));
  }

  /** All is well again. */
  reset(): void {
    this.failures = 0;
  }
}
