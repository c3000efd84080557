/** Streams whose head is remembered: more than are written to at once. One that is forgotten is probed. */
const CAPACITY = 2_000;

type Head = { server: string; seq: number; at: number };

/**
 * The heads that this process has committed itself, so that the next append right behind them need not look for them: nothing
 * below a head is ever deleted. It holds only for the server that committed them, while it runs: another one, or the same after a
 * restart or a restore, may stand at an older state, where the append would leave a gap.
 */
export class KnownHeads {
  private readonly heads = new Map<string, Head>();

  /** When the event at `seq` was recorded, ms since 1970; null: not known of this server. */
  at(server: string, streamId: string, seq: number): number | null {
    const head = this.heads.get(streamId);
    return head?.seq === seq && head.server === server ? head.at : null;
  }

  committed(streamId: string, head: Head): void {
    // the last is the newest
    this.heads.delete(streamId);
    this.heads.set(streamId, head);
    if (this.heads.size > CAPACITY) this.heads.delete(this.heads.keys().next().value!);
  }

  forget(): void {
    this.heads.clear();
  }
}
