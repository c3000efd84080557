import { Client } from 'pg';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** A half-open connection says nothing: it is asked this often. */
const PROBE_MS = 10_000;

/** LISTEN on one channel over its own connection, remade for ever until it is stopped. */
export class ChannelListener {
  private client?: Client;
  private probe?: NodeJS.Timeout;
  private retry?: NodeJS.Timeout;
  private stopped = false;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly onPayload: (payload: string) => void,
    private readonly onReconnect: () => void,
  ) {}

  async start(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: `lol-chat-log listen ${this.channel}`,
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    // Before it listens it is not `this.client`: a connection that fails then is the caller's affair alone. Heard here as
    // well it was retried twice, and after an outage several connections listened (seen behind a proxy that was down).
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', (message) => this.onPayload(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      discard(client);
      throw error;
    }
    this.client = client;
    this.pauseMs = FIRST_PAUSE_MS;
    this.probe = setInterval(() => void client.query('SELECT 1').catch(() => this.lost(client)), PROBE_MS);
    this.probe.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.probe);
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    // an error while saying goodbye to a server that is gone changes nothing
    await client?.end().catch(() => undefined);
  }

  private lost(client: Client): void {
    if (this.stopped || this.client !== client) return;
    this.client = undefined;
    clearInterval(this.probe);
    discard(client);
    this.reconnectLater();
  }

  private reconnectLater(): void {
    if (this.stopped) return;
    this.retry = setTimeout(() => {
      this.start().then(this.reconnected, () => this.reconnectLater());
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }

  private readonly reconnected = (): void => {
    if (!this.stopped) return this.onReconnect();
    const client = this.client;
    this.client = undefined;
    if (client) discard(client);
  };
}

/** Ends a connection that may be dead already; that it cannot be ended is no news. */
function discard(client: Client): void {
  client.removeAllListeners('notification');
  client.end().catch(() => undefined);
}
