export type GrownListener = (seq: number) => void;

/** The streams that someone in this process follows, and who. */
export class Watchers {
  private readonly byStream = new Map<string, Set<GrownListener>>();

  /** The result ends it. */
  add(streamId: string, listener: GrownListener): () => void {
    const listeners = this.byStream.get(streamId) ?? new Set();
    this.byStream.set(streamId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byStream.get(streamId) === listeners) this.byStream.delete(streamId);
    };
  }

  signal(streamId: string, seq: number): void {
    for (const listener of this.byStream.get(streamId) ?? []) listener(seq);
  }

  streamIds(): string[] {
    return [...this.byStream.keys()];
  }
}
