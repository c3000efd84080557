import type { ApiClient } from '../../support/api-client.js';

/** How many connections follow a stream at the server, as its metrics say. */
export class StreamReaders {
  /** The most that were seen at once. */
  most = 0;

  constructor(private readonly api: ApiClient) {}

  async now(): Promise<number> {
    const { text } = await this.api.get('/metrics');
    const found = /^chatlog_stream_readers(?:\{[^}]*\})? (\d+)$/m.exec(text);
    if (!found) throw new Error(`no number of readers in:\n${text.slice(0, 500)}`);
    const count = Number(found[1]);
    this.most = Math.max(this.most, count);
    return count;
  }
}
