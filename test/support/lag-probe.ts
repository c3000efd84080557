import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

const SAMPLE_MS = 100;

/**
 * Samples, by the database's clock, how long the longest waiting of some streams has been ahead of its projections. The row
 * of a stream that is written to all the time may outlive several projections of it, so this is never less than the lag.
 */
export class LagProbe {
  private worst = 0;
  private stopping = false;
  private readonly client: Client;
  private readonly running: Promise<void>;

  constructor(
    url: string,
    private readonly streamIds: readonly string[],
  ) {
    // of its own: a pool that gives up waiting is no measure
    this.client = new Client({ connectionString: url });
    this.running = this.run();
    // told by `stop`
    this.running.catch(() => undefined);
  }

  /** The worst sample since the last call, in seconds. */
  take(): number {
    const { worst } = this;
    this.worst = 0;
    return worst;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    try {
      await this.running;
    } finally {
      await this.client.end();
    }
  }

  private async run(): Promise<void> {
    await this.client.connect();
    while (!this.stopping) {
      this.worst = Math.max(this.worst, await this.sample());
      await pause(SAMPLE_MS);
    }
  }

  private async sample(): Promise<number> {
    const { rows } = await this.client.query<{ seconds: number }>(
      `select coalesce(max(extract(epoch from clock_timestamp() - since)), 0)::float8 as seconds
       from pending where stream_id = any ($1::uuid[])`,
      [this.streamIds],
    );
    return rows[0]?.seconds ?? 0;
  }
}
