/** Runs work on the same key one at a time, in the order of the calls; work on other keys meanwhile. Not re-entrant. */
export class SerialByKey {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Resolves or rejects as the work does; what ran before it does not matter. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const mine = before ? before.then(work, work) : work();
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }

  /** Keys with work under way. */
  get size(): number {
    return this.last.size;
  }
}
