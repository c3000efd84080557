import type { Database } from '#platform';
import type { SignalTransport } from './signal-transport.js';

const channel = 'chatlog_signals';

/**
 * Signals over LISTEN/NOTIFY, on one dedicated connection.
 * The NOTIFY is its own transaction, never the append's: committing a NOTIFY takes a lock on the whole database. It is
 * not worth a disk flush either, so its commit does not wait for one.
 */
export class NotifyTransport implements SignalTransport {
  private unlisten: (() => Promise<void>) | null = null;

  constructor(private readonly database: Database) {}

  async publish(payloads: string[]): Promise<void> {
    await this.database.query(
      `with unflushed as (select set_config('synchronous_commit', 'off', true))
       select pg_notify($1, payload) from unflushed, unnest($2::text[]) payload`,
      [channel, payloads],
    );
  }

  async subscribe(onPayload: (payload: string) => void, onGap: () => void): Promise<void> {
    this.unlisten = await this.database.listen(channel, onPayload, onGap);
    onGap();
  }

  async close(): Promise<void> {
    await this.unlisten?.();
    this.unlisten = null;
  }
}
