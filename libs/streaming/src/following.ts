import type { EventLog, RecordedEvent } from '#event-log';
import { StreamGap } from './errors.js';
import type { Frame, StreamEvent } from './frame.js';
import { PageLimit } from './page-limit.js';
import type { Watch } from './watch.js';

/** Read at most at once with what others follow: none of them waits for one that is far behind. */
const LIVE_EVENTS = 64;

/** Where a following begins: the history and its head when it was opened, and the client's cursor. */
export type Opening = { streamId: string; epoch: string; head: number; after: number };

export type FollowingPorts = {
  log: Pick<EventLog, 'read' | 'readNext' | 'head' | 'epoch'>;
  watch: Watch;
  over: () => boolean;
  /** Told of each event that is handed over as it comes: the time that the log has recorded for it. */
  onLive?: (recordedAt: string) => void;
  pingMs: number;
  pageBytes: number;
};

/** One client's way through one stream, after its opening: what was sent, and what is known to be still to come. */
export class Following {
  private readonly page: PageLimit;
  private cursor: number;
  /** The end of the log when it was last read to its end: only a signal beyond it is news. */
  private known: number;
  private quietSince = performance.now();

  constructor(
    private readonly opening: Opening,
    private readonly ports: FollowingPorts,
  ) {
    this.page = new PageLimit(ports.pageBytes);
    this.cursor = opening.after;
    this.known = opening.after;
  }

  /** Everything after the cursor, in order, without end; ends when it is over, or with a `reset`. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    const { watch, over } = this.ports;
    watch.signal(this.opening.head);
    if (this.cursor === this.opening.head) yield { kind: 'caught_up', seq: this.cursor };
    while (!over()) {
      const isNews = watch.signalled > this.known;
      if (!isNews && !(await this.pingIsDue())) continue;
      const events = isNews ? await this.readPage() : [];
      if (await this.historyChanged(isNews)) {
        yield await this.reset();
        return;
      }
      if (isNews) yield* this.send(events);
      else yield { kind: 'ping' };
      this.quietSince = performance.now();
    }
  }

  private async pingIsDue(): Promise<boolean> {
    const { watch, pingMs, over } = this.ports;
    const dueAt = this.quietSince + pingMs;
    await watch.beyond(this.known, dueAt - performance.now());
    return performance.now() >= dueAt && watch.signalled <= this.known && !over();
  }

  private async readPage(): Promise<RecordedEvent[]> {
    const { log, watch } = this.ports;
    const { streamId, head } = this.opening;
    // Before the read: what is signalled during it may be missing from the page.
    const { signalled } = watch;
    const isLive = this.cursor >= head;
    const limit = isLive ? Math.min(this.page.events, LIVE_EVENTS) : this.page.events;
    const range = { after: this.cursor, limit };
    const events = await (isLive ? log.readNext({ streamId, ...range }) : log.read(streamId, range));
    const last = this.cursor + events.length;
    this.known = events.length < limit ? Math.max(signalled, last) : last;
    return events;
  }

  private async *send(events: RecordedEvent[]): AsyncGenerator<Frame, void, undefined> {
    const { streamId, head } = this.opening;
    let bytes = 0;
    for (const recorded of events) {
      if (recorded.seq !== this.cursor + 1) throw new StreamGap(streamId, this.cursor + 1, recorded.seq);
      const frame = eventFrame(recorded);
      bytes += frame.json.length;
      if (recorded.seq > head) this.ports.onLive?.(recorded.at);
      yield frame;
      this.cursor = recorded.seq;
      if (this.cursor === head) yield { kind: 'caught_up', seq: head };
      if (this.ports.over()) return;
    }
    this.page.sawPage(events.length, bytes);
  }

  /**
   * The log was restored to an earlier time while the client was following: what it has may never have happened. Asked
   * after a read and before anything of it is sent.
   */
  private async historyChanged(mustKnow: boolean): Promise<boolean> {
    try {
      return (await this.ports.log.epoch()) !== this.opening.epoch;
    } catch (error) {
      // A quiet reader need not be cut because the log is away: nothing is sent until it can be asked.
      if (mustKnow) throw error;
      return false;
    }
  }

  private async reset(): Promise<Frame> {
    const { log } = this.ports;
    return { kind: 'reset', head: await log.head(this.opening.streamId), epoch: await log.epoch() };
  }
}

/** Readers of one stream are given the same events. */
const frames = new WeakMap<RecordedEvent, Extract<Frame, { kind: 'event' }>>();

function eventFrame(recorded: RecordedEvent): Extract<Frame, { kind: 'event' }> {
  const known = frames.get(recorded);
  if (known) return known;
  const frame = newEventFrame(recorded);
  frames.set(recorded, frame);
  return frame;
}

function newEventFrame(recorded: RecordedEvent): Extract<Frame, { kind: 'event' }> {
  const event: StreamEvent = {
    seq: recorded.seq,
    type: recorded.type,
    at: recorded.at,
    data: recorded.data,
    metadata: recorded.metadata,
  };
  return { kind: 'event', event, json: JSON.stringify(event), schemaVersion: recorded.schemaVersion };
}
