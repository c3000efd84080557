export type HeartbeatOptions = {
  /** Renews the lease by the database's clock; false: it is lost. */
  renew: () => Promise<boolean>;
  everyMs: number;
  leaseMs: number;
  /** Called at most once. */
  onLost: () => void;
};

/**
 * Keeps a lease while its owner is alive. It is lost when the log says so, or when no renewal succeeded for the length of
 * the lease (measured here, from before the last one that did: never later than the database's own end).
 */
export class Heartbeat {
  private timer: NodeJS.Timeout | null = null;
  private renewedAt = performance.now();
  private stopped = false;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Just after the lease was claimed. */
  start(): void {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private schedule(): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.beat(), this.options.everyMs);
  }

  private async beat(): Promise<void> {
    const { renew, leaseMs, onLost } = this.options;
    const askedAt = performance.now();
    const renewed = await renew().catch((): 'unknown' => 'unknown');
    if (this.stopped) return;
    if (renewed === true) this.renewedAt = askedAt;
    const lost = renewed === false || performance.now() - this.renewedAt > leaseMs;
    if (!lost) return this.schedule();
    this.stop();
    onLost();
  }
}
