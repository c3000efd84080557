import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiAnswer, type ApiRequest } from '../support/api-client.js';
import { untilAnswered } from '../support/until-answered.js';

/** A request, and the statuses besides 2xx that it may be answered with. */
export type Wanted = ApiRequest & { or?: readonly number[] };

/** Sends requests as a patient client does, and keeps how long each one took. */
export class TimedClient {
  /** Answers that were 503, or connections that were lost: asked again with the same key. */
  refused = 0;
  answered = 0;
  /** What no client may be told. */
  readonly unexpected: string[] = [];
  private times: number[] = [];
  private readonly api: ApiClient;

  constructor(readonly url: string) {
    this.api = new ApiClient(url);
  }

  /** Times in ms since the last call. */
  take(): number[] {
    const { times } = this;
    this.times = [];
    return times;
  }

  /** Null where the answer is one of `or`, or an unexpected one, which is kept. */
  async send({ or = [], ...wanted }: Wanted): Promise<ApiAnswer | null> {
    const { method = 'GET', path } = wanted;
    const headers: Record<string, string> = method === 'GET' ? {} : { 'idempotency-key': randomUUID() };
    const answer = await untilAnswered(async () => {
      const began = performance.now();
      const got = await this.api.send({ ...wanted, headers }).catch((error: Error) => {
        this.refused += 1;
        throw error;
      });
      this.times.push(performance.now() - began);
      if (got.status !== 503) return got;
      this.refused += 1;
      throw new Error(`${method} ${path}: 503 ${got.text}`);
    });
    this.answered += 1;
    if (answer.status < 300) return answer;
    if (!or.includes(answer.status))
      this.unexpected.push(`${method} ${path}: ${answer.status} ${answer.text}`);
    return null;
  }

  get(path: string): Promise<ApiAnswer | null> {
    return this.send({ path });
  }
}
