import type { TabChannel, TabLocks } from '../../environment/environment.js';
import type { EventSource, SourceListener } from '../event-source.js';
import { SILENCE_MS, type ServerSourcePorts } from '../server-source.js';
import { passOn, ReadingTab } from './reading-tab.js';
import { StreamSlots } from './stream-slots.js';
import { sharedName, type TabMessage } from './tab-message.js';

/** A tab that reads says something at least as often as the server does; it may be told of late. */
const READER_SILENCE_MS = SILENCE_MS + 5_000;

export type SharedSourcePorts = ServerSourcePorts & {
  locks: TabLocks;
  openChannel: (name: string) => TabChannel;
  baseUrl: string;
  conversationId: string;
};

/**
 * One stream for all tabs of a browser: the tab that holds the lock reads, the others hear it. When it goes, the next one gets
 * the lock; when it only falls silent, one that is looked at takes it. Whatever is lost or told twice on the way, the feed of
 * each tab mends.
 */
export class SharedSource implements EventSource {
  private readonly over = new AbortController();
  private readonly name: string;
  private channel: TabChannel | null = null;
  private reading: ReadingTab | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private hasHeard = false;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly ports: SharedSourcePorts,
    private readonly listener: SourceListener,
  ) {
    this.name = sharedName(ports.baseUrl, ports.conversationId);
  }

  start(): void {
    this.channel = this.ports.openChannel(this.name);
    this.channel.addEventListener('message', ({ data }) => this.heard(data as TabMessage));
    this.stopListening = this.ports.environment.onWake(() => this.woken());
    this.post({ kind: 'hello' });
    this.granted();
    void this.wait();
  }

  reconnect(): void {
    if (this.reading) this.reading.reconnect();
    else this.post({ kind: 'reconnect' });
  }

  close(): void {
    this.over.abort();
    clearTimeout(this.silence);
    this.stopListening();
    this.reading?.close();
    this.channel?.close();
    this.channel = null;
  }

  /** Waits for the lock again and again, and reads while it is held. */
  private async wait(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) await this.hold({ signal });
  }

  /** A lock that another tab steals is lost at once. */
  private async hold(how: { signal?: AbortSignal; steal?: boolean }): Promise<void> {
    try {
      await this.ports.locks.request(this.name, how, () => this.read());
    } catch (error) {
      if (this.over.signal.aborted) return;
      if ((error as Error).name === 'AbortError') this.stopReading();
      // where there are no locks after all, this tab reads for itself
      else await this.read();
    }
  }

  private stopReading(): void {
    this.reading?.close();
    this.reading = null;
    this.granted();
  }

  private read(): Promise<void> {
    if (this.over.signal.aborted) return Promise.resolve();
    clearTimeout(this.silence);
    const { ports } = this;
    const { isVisible } = ports.environment;
    const slots = new StreamSlots({ ...ports, isVisible, name: sharedName(ports.baseUrl, 'connections') });
    this.reading?.close();
    this.reading = new ReadingTab({ ...ports, slots, post: (message) => this.post(message) }, this.listener);
    this.reading.start();
    return new Promise((resolve) => {
      this.over.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private heard(message: TabMessage): void {
    if (this.over.signal.aborted) return;
    if (this.reading) {
      if (message.kind === 'hello') this.reading.greet();
      if (message.kind === 'reconnect') this.reading.reconnect();
      return;
    }
    if (message.kind === 'hello' || message.kind === 'reconnect') return;
    this.granted();
    // what the reader told before this tab listened
    if (!this.hasHeard) this.listener.onUncertain();
    this.hasHeard = true;
    if (message.kind !== 'status') passOn(message, this.listener);
    else this.standing(message);
  }

  private standing({ status, isVisible }: TabMessage & { kind: 'status' }): void {
    this.listener.onStatus(status === 'live' ? 'shared' : status);
    // a reader that nobody looks at gets no connection: this one may
    if (status === 'polling' && !isVisible && this.ports.environment.isVisible()) this.take();
  }

  /** The reader was heard: the next silence is granted. */
  private granted(): void {
    this.heardAt = Date.now();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.silent(), READER_SILENCE_MS);
  }

  private silent(): void {
    if (this.reading || this.over.signal.aborted) return;
    if (this.ports.environment.isVisible()) this.take();
    else this.silence = setTimeout(() => this.silent(), READER_SILENCE_MS);
  }

  private take(): void {
    this.granted();
    void this.hold({ steal: true });
  }

  private woken(): void {
    const { isVisible, isOnline } = this.ports.environment;
    if (this.reading || !isVisible() || !isOnline()) return;
    // a page that was frozen has heard nothing
    this.listener.onUncertain();
    if (Date.now() - this.heardAt >= READER_SILENCE_MS) this.silent();
    else this.post({ kind: 'hello' });
  }

  private post(message: TabMessage): void {
    this.channel?.postMessage(message);
  }
}
