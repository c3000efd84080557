/** A Ctrl-C comes twice under npm: from the terminal, and from npm, which passes it on. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Ctrl-C and SIGTERM as a signal that a command's work can listen to: it stops at the next place where everything is left as it
 * is. A second one ends the process at once.
 */
export class Interruption {
  private readonly controller = new AbortController();
  private toldAt = 0;

  /** Aborted with an `AbortError`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Listens from now on. */
  start(): void {
    process.on('SIGINT', this.onSignal).on('SIGTERM', this.onSignal);
    // whoever read the output has gone, as `head` does: the rest is for nobody
    process.stdout.on('error', () => this.controller.abort());
  }

  private readonly onSignal = (): void => {
    if (this.signal.aborted && performance.now() - this.toldAt > SAME_SIGNAL_MS) process.exit(130);
    this.toldAt ||= performance.now();
    this.controller.abort();
  };
}
