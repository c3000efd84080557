/** A started process: what it tells the person who started it, and how it stops. */
export type Running = {
  /** Lines for a terminal. */
  banner: string[];
  /** Stops everything in order: no new work, running work ended, storage last. */
  stop(): Promise<void>;
};

/** Steps that undo a start, run in reverse order. One that fails does not keep the others from running. */
export class StopSteps {
  private readonly steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** @throws the first failure, after all steps were tried. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.toReversed()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
