import { StreamGate } from '#conversations';
import { LogUnavailable, WrongExpectedVersion, type AppendUnit, type EventLog } from '#event-log';
import { foldEvents, newId, type DomainEvent } from '#model';
import { Fence } from '../../../libs/assistant/src/turns/fence.js';
import { TurnLog } from '../../../libs/assistant/src/turns/turn-log.js';
import { TurnStopped } from '../../../libs/assistant/src/turns/turn-stopped.js';
import { MemoryLog, type Mishap } from '../../support/memory-log.js';

const [streamId, turnId, messageId] = [newId(), newId(), newId()];
const turn = { streamId, tenantId: 'tenant', ownerId: 'owner', turnId, owner: 'me' };

let memory: MemoryLog;
let mishaps: Mishap[];
let view: EventLog;
let log: TurnLog;

/** Another writer's events, at the head. */
const other = (type: string, data: object): void => {
  const events = [{ eventId: newId(), type, schemaVersion: 1, data, metadata: {} }];
  memory.append({ appends: [{ streamId, tenantId: 'tenant', expectedSeq: memory.events.length, events }] });
};
const delta = (text: string): DomainEvent => ({ type: 'StreamDeltaReceived', data: { type: 'x', text } });
const started: DomainEvent = { type: 'TurnStarted', data: { turnId, owner: 'me' } };
const interrupted: DomainEvent = { type: 'TurnInterrupted', data: { turnId, reason: 'test' } };
const types = (): string[] => memory.events.slice(3).map(({ type }) => type);

beforeEach(() => {
  memory = new MemoryLog(streamId);
  other('ConversationStarted', {});
  other('MessagePosted', {
    messageId,
    parentId: null,
    role: 'user',
    content: [{ type: 'text', text: 'Hi' }],
  });
  other('TurnRequested', { turnId, messageId });
  mishaps = [];
  view = memory.seenBy({ step: () => Promise.resolve(), mishap: () => mishaps.shift() ?? 'none' });
  const ports = { log: view, reads: view, gate: new StreamGate(), fence: new Fence(), patienceMs: 300 };
  log = new TurnLog(
    { ...ports, context: { follow: () => undefined }, complete: (unit) => Promise.resolve(unit) },
    turn,
    foldEvents(streamId, memory.events),
  );
});

it('appends once, with the same ids, whether the log took an earlier try or not', async () => {
  mishaps = ['lost', 'unanswered', 'unanswered'];
  let drafts = 0;
  await log.append(() => ((drafts += 1), { events: [started, delta('a')] }));
  await log.append(() => ({ events: [delta('b')] }));
  expect({ types: types(), drafts, seq: log.state.seq }).toEqual({
    types: ['TurnStarted', 'StreamDeltaReceived', 'StreamDeltaReceived'],
    drafts: 1,
    seq: 6,
  });
});

it('gives up when the log is away for longer than its patience', async () => {
  mishaps = Array.from({ length: 100 }, () => 'lost');
  await expect(log.append(() => ({ events: [started] }))).rejects.toThrow(LogUnavailable);
  // What comes after it finds out what became of it.
  mishaps = [];
  await log.append(() => ({ events: [started] }));
  expect(types()).toEqual(['TurnStarted']);
});

it('finds an abandoned unit in the log after all, and goes on behind it', async () => {
  const stop = new AbortController();
  mishaps = ['unanswered'];
  const append = log.append(() => ({ events: [started, delta('a')] }), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(append).rejects.toThrow('stopped');
  await log.append(() => ({ events: [interrupted], ends: true }));
  expect(types()).toEqual(['TurnStarted', 'StreamDeltaReceived', 'TurnInterrupted']);
  expect(log.state.markers).toEqual([]);
});

it('decides again on what others wrote, and appends behind it', async () => {
  const titles: (string | null)[] = [];
  await log.append(({ title }) => {
    titles.push(title);
    if (titles.length === 1) other('ConversationRenamed', { title: 'New' });
    return { events: [started] };
  });
  expect({ titles, types: types() }).toEqual({
    titles: ['Hi', 'New'],
    types: ['ConversationRenamed', 'TurnStarted'],
  });
});

it.each<[string, string, object, string]>([
  ['a terminal event', 'TurnCancelled', { turnId }, 'ended'],
  ['another runner', 'TurnStarted', { turnId, owner: 'you' }, 'other_owner'],
])('stops at %s, and stays stopped', async (_, type, data, reason) => {
  other(type, data);
  expect(await log.peek()).toEqual(new TurnStopped(reason as 'ended'));
  await expect(log.append(() => ({ events: [started] }))).rejects.toThrow(new TurnStopped(reason as 'ended'));
  // By now it has read what stopped it: nothing would conflict any more.
  await expect(log.append(() => ({ events: [interrupted], ends: true }))).rejects.toThrow(TurnStopped);
  expect(types()).toEqual([type]);
});

it('appends nothing behind its own end', async () => {
  await log.append(() => ({ events: [started] }));
  mishaps = ['unanswered'];
  await log.append(() => ({ events: [interrupted], ends: true }));
  await expect(log.append(() => ({ events: [delta('late')] }))).rejects.toThrow(TurnStopped);
  expect(types()).toEqual(['TurnStarted', 'TurnInterrupted']);
});

it('is not stopped by the end of another turn', async () => {
  other('TurnCancelled', { turnId: newId() });
  await log.append(() => ({ events: [started] }));
  expect(types()).toEqual(['TurnCancelled', 'TurnStarted']);
});

describe('with a part on the project', () => {
  const projectId = newId();
  const part = (expectedSeq: number) => ({
    append: { streamId: projectId, tenantId: 'tenant', expectedSeq, events: [] },
    entities: [],
    seqTo: expectedSeq,
  });

  it('decides again when others were first on the project, and appends nothing meanwhile', async () => {
    const append = view.append.bind(view);
    const seen: AppendUnit[] = [];
    const projectHead = 2;
    view.append = (unit) => {
      seen.push(unit);
      const expected = unit.appends[1]!.expectedSeq;
      return expected === projectHead
        ? append(unit)
        : Promise.reject(new WrongExpectedVersion(projectId, expected));
    };
    let drafts = 0;
    await log.append(() => ({ events: [started], project: part((drafts += 1)) }));
    expect({ drafts, types: types() }).toEqual({ drafts: 2, types: ['TurnStarted'] });
    expect(seen.map(({ appends }) => appends.map(({ streamId }) => streamId))).toEqual([
      [streamId, projectId],
      [streamId, projectId],
    ]);
  });

  it('takes a unit whose answer was lost for committed, however the project has gone on', async () => {
    const append = view.append.bind(view);
    let calls = 0;
    view.append = async (unit) => {
      calls += 1;
      // Committed, but nobody was told; then others wrote to the project, so that the same unit looks beaten there.
      if (calls > 1) throw new WrongExpectedVersion(projectId, 1);
      await append(unit);
      throw new LogUnavailable('unanswered');
    };
    let drafts = 0;
    await log.append(() => ((drafts += 1), { events: [started], project: part(1) }));
    expect({ drafts, calls, types: types() }).toEqual({ drafts: 1, calls: 2, types: ['TurnStarted'] });
  });
});
