const FIRST_MS = 1_000;
const LAST_MS = 60_000;

/** When to try again what failed: after 1, 2, 4 … at most 60 seconds. Times are of the process's own clock. */
export class BackOff {
  private readonly entries = new Map<string, { delayMs: number; dueAt: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.entries.size;
  }

  isDue(id: string): boolean {
    const entry = this.entries.get(id);
    return !entry || entry.dueAt <= this.now();
  }

  failed(id: string): void {
    const before = this.entries.get(id);
    const delayMs = before ? Math.min(before.delayMs * 2, LAST_MS) : FIRST_MS;
    this.entries.set(id, { delayMs, dueAt: this.now() + delayMs });
  }

  /** It failed elsewhere: waits as after a first failure, unless it was waited for already. */
  notice(id: string): void {
    if (!this.entries.has(id)) this.failed(id);
  }

  /** Forgets everything else: it has no work any more. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.entries.keys()) if (!ids.has(id)) this.entries.delete(id);
  }
}
