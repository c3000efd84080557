import { Injectable } from '@nestjs/common';
import { EventLog, type StreamKind } from '#event-log';
import type { Queryable } from '#platform';
import type { Reader } from './reader.js';
import { Snapshots } from './snapshots.js';

/** Which seq a stream was at at a time: a binary search, as times never fall within a stream. */
@Injectable()
export class StreamTimes {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
  ) {}

  /**
   * The last seq that was recorded at or before a time (ISO 8601, milliseconds count). 0 when it had not begun, null when
   * there is no such stream for this reader.
   */
  seqAt(
    reader: Reader,
    streamId: string,
    time: string,
    kind: StreamKind = 'conversation',
  ): Promise<number | null> {
    const wanted = Date.parse(time);
    const search = async ({ q, head }: { q: Queryable; head: number }): Promise<number> => {
      let [low, high] = [0, head];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (Date.parse(await this.timeOf(streamId, middle, q)) <= wanted) low = middle;
        else high = middle - 1;
      }
      return low;
    };
    return this.snapshots.read(reader, streamId, undefined, search, kind);
  }

  /** When an event that there is was recorded. */
  async timeOf(streamId: string, seq: number, q: Queryable): Promise<string> {
    const [event] = await this.log.read(streamId, { after: seq - 1, upTo: seq, limit: 1 }, q);
    if (!event) throw new Error(`stream ${streamId} has no event ${seq}`);
    return event.at;
  }
}
