/** Who wants to be told. */
export class Listeners<T = void> {
  private readonly all = new Set<(value: T) => void>();

  /** Gives what ends it. */
  add(listener: (value: T) => void): () => void {
    this.all.add(listener);
    return () => void this.all.delete(listener);
  }

  get size(): number {
    return this.all.size;
  }

  tell(value: T): void {
    for (const listener of this.all) listener(value);
  }
}
