import type { TabChannel, TabLocks } from '../../environment/environment.js';

/** A browser opens six connections to a host: four for streams leave two for everything else. */
const SLOTS = 4;

export type SlotPorts = {
  locks: TabLocks;
  openChannel: (name: string) => TabChannel;
  isVisible: () => boolean;
  /** The name that all tabs share. */
  name: string;
};

/**
 * The connections that all tabs of a browser together may keep for streams. A lock each, so that a tab that dies gives its
 * own back.
 */
export class StreamSlots {
  constructor(private readonly ports: SlotPorts) {}

  /**
   * Runs `whileHeld` with a connection, if one is to be had; false at once if not. It is told to end by `signal` where a tab
   * that is looked at wants the connection of one that is not.
   */
  async use(whileHeld: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      let held = false;
      await this.ports.locks.request(`${this.ports.name}/${slot}`, { ifAvailable: true }, async (lock) => {
        if (lock === null) return;
        held = true;
        await this.hold(whileHeld);
      });
      if (held) return true;
    }
    return false;
  }

  /** Asks tabs that nobody looks at for one of theirs. */
  want(): void {
    const channel = this.ports.openChannel(this.ports.name);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    channel.postMessage('wanted');
    channel.close();
  }

  private async hold(whileHeld: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const channel = this.ports.openChannel(this.ports.name);
    channel.addEventListener('message', () => {
      if (!this.ports.isVisible()) over.abort();
    });
    try {
      await whileHeld(over.signal);
    } finally {
      channel.close();
    }
  }
}
