import type { Environment } from '../../environment/environment.js';
import type { EventSource, SourceListener } from '../event-source.js';
import { SkippableWait } from '../skippable-wait.js';
import type { StreamStatus } from '../stream-options.js';
import { ServerSource, type ServerSourcePorts } from '../server-source.js';
import type { StreamSlots } from './stream-slots.js';
import type { TabMessage } from './tab-message.js';

/** How often the log is looked at where there is no connection to spare. */
const LOOK_MS = 2_000;
/** How many looks after giving a connection up, until one is asked for again: whoever wanted it asks sooner. */
const RESTS = 3;
/** Tabs need not hear of every byte. */
const ALIVE_MS = 1_000;

export type ReadingPorts = ServerSourcePorts & {
  slots: StreamSlots;
  post: (message: TabMessage) => void;
  environment: Environment;
};

/** The one tab that reads a stream: it listens to the server, or looks at the log, and tells the other tabs what it hears. */
export class ReadingTab implements EventSource {
  private readonly over = new AbortController();
  private readonly pause = new SkippableWait();
  private server: ServerSource | null = null;
  private status: StreamStatus = 'connecting';
  private aliveAt = 0;

  constructor(
    private readonly ports: ReadingPorts,
    private readonly listener: SourceListener,
  ) {}

  start(): void {
    void this.run();
  }

  reconnect(): void {
    this.server?.reconnect();
  }

  close(): void {
    this.over.abort();
    this.pause.skip();
    this.server?.close();
  }

  /** A tab has come, and wants to know how the stream stands. */
  greet(): void {
    this.ports.post(this.standing());
  }

  private async run(): Promise<void> {
    const { slots, environment } = this.ports;
    for (let rests = 0; !this.over.signal.aborted;) {
      if (rests === 0 && (await slots.use((wanted) => this.listen(wanted)))) rests = RESTS;
      if (this.over.signal.aborted) return;
      if (rests > 0) rests -= 1;
      else if (environment.isVisible()) slots.want();
      this.setStatus('polling');
      this.tell({ kind: 'look' });
      await this.pause.wait(LOOK_MS);
    }
  }

  /** Until this tab reads no more, or another one wants the connection. */
  private listen(wanted: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const server = new ServerSource(this.ports, {
        ...this.listener,
        onOpen: (opening) => this.tell({ kind: 'open', ...opening }),
        onEvent: (event) => this.tell({ kind: 'event', event }),
        onCaughtUp: (seq) => this.tell({ kind: 'caught_up', seq }),
        onReset: () => this.tell({ kind: 'reset' }),
        onStatus: (status) => this.setStatus(status),
        onAlive: () => this.alive(),
      });
      this.server = server;
      const end = (): void => {
        server.close();
        this.server = null;
        resolve();
      };
      for (const signal of [wanted, this.over.signal]) signal.addEventListener('abort', end, { once: true });
      if (this.over.signal.aborted) end();
      else server.start();
    });
  }

  private standing(): TabMessage {
    return { kind: 'status', status: this.status, isVisible: this.ports.environment.isVisible() };
  }

  private setStatus(status: StreamStatus): void {
    this.status = status;
    this.tell(this.standing());
  }

  private alive(): void {
    if (Date.now() - this.aliveAt < ALIVE_MS) return;
    this.aliveAt = Date.now();
    this.ports.post({ kind: 'alive' });
  }

  /** Tells this tab and the others alike. */
  private tell(message: TabMessage): void {
    this.ports.post(message);
    passOn(message, this.listener);
  }
}

/** What a reader's message means to the feed of a tab. */
export function passOn(message: TabMessage, listener: SourceListener): void {
  switch (message.kind) {
    case 'open':
      return listener.onOpen(message);
    case 'event':
      return listener.onEvent(message.event);
    case 'caught_up':
      return listener.onCaughtUp(message.seq);
    case 'reset':
      return listener.onReset();
    case 'status':
      return listener.onStatus(message.status);
    case 'alive':
      return listener.onAlive();
    case 'look':
      return listener.onUncertain();
    case 'hello':
    case 'reconnect':
      return undefined;
    default:
      return message satisfies never;
  }
}
