import { rebuildRequest } from '#assistant';
import type { AppendUnit, EventLog, RecordedEvent } from '#event-log';
import { foldEvents } from '#model';
import { BulkSeed } from './bulk-seed.js';

const size = { conversations: 3, messages: 16, principal: { tenantId: 'local', userId: 'owner' } };

/** Keeps what is appended; from unit number `failsAt` on it cannot be reached. */
class KeptLog {
  readonly streams = new Map<string, RecordedEvent[]>();
  private units = 0;

  constructor(private readonly failsAt = Infinity) {}

  readonly append: EventLog['append'] = async ({ appends: [part] }: AppendUnit) => {
    this.units += 1;
    if (this.units >= this.failsAt) throw new Error('away');
    const { streamId, expectedSeq, events } = part!;
    const kept = this.streams.get(streamId) ?? [];
    expect(expectedSeq).toBe(kept.length);
    const at = new Date(0).toISOString();
    const recorded = events.map((event, index) => ({ ...event, streamId, seq: expectedSeq + 1 + index, at }));
    this.streams.set(streamId, [...kept, ...recorded]);
    return { status: 'committed', positions: [] };
  };

  readonly heads: EventLog['heads'] = async () =>
    new Map([...this.streams].map(([streamId, events]) => [streamId, events.length]));

  recover(): void {
    this.units = -Infinity;
  }
}

test('what it makes folds without a marker, and is deltas for the most part', async () => {
  const log = new KeptLog();
  const { events, deltas, conversations } = await new BulkSeed(log).run(size);
  expect(conversations).toBe(3);
  expect(deltas / events).toBeGreaterThan(0.96);
  for (const [streamId, logged] of log.streams) {
    const state = foldEvents(streamId, logged);
    expect(state.markers).toEqual([]);
    const rows = Object.values(state.messages);
    expect(rows).toHaveLength(16);
    expect(new Set(rows.map(({ streamingStatus }) => streamingStatus))).toEqual(new Set(['complete']));
  }
});

test('the request of every turn can be built again from the log', async () => {
  const log = new KeptLog();
  await new BulkSeed(log).run({ ...size, conversations: 1 });
  const [[streamId, logged]] = [...log.streams] as [[string, RecordedEvent[]]];
  const read: EventLog['read'] = async (_, range) => logged.slice(range?.after, range?.upTo);
  const requests = logged.filter(({ type }) => type === 'ModelRequested');
  expect(requests).toHaveLength(8);
  for (const event of requests) {
    const { sha256 } = await rebuildRequest({ read }, streamId, event);
    expect(sha256).toBe((event.data as { sha256: string }).sha256);
  }
});

test('repeated it adds nothing; cut off it goes on where it stopped', async () => {
  const [whole, cut] = [new KeptLog(), new KeptLog(3)];
  await new BulkSeed(whole).run(size);
  await expect(new BulkSeed(cut).run(size)).rejects.toThrow('away');
  cut.recover();
  await new BulkSeed(cut).run(size);
  const shape = (log: KeptLog) =>
    new Map([...log.streams].map(([id, events]) => [id, events.map(({ seq, type }) => `${seq} ${type}`)]));
  expect(shape(cut)).toEqual(shape(whole));
  const again = await new BulkSeed(whole).run(size);
  expect(again).toEqual({ conversations: 0, skipped: 3, events: 0, deltas: 0 });
});
