import type { CommittedListener, EventLog } from '#event-log';
import type { JobQueues, WorkOrigin } from '#platform';
import type { ProjectionRunner } from './projection-runner.js';
import { ProjectionTrigger } from './projection-trigger.js';

type Offered = { data: { streamId: string }; dedupeId?: string }[];

/** A trigger on a clock of the test's own; `offered` holds every bulk that it put into the queue. */
function started(projectInPlaceMs = 0) {
  const offered: string[][] = [];
  const projected: Record<string, number> = {};
  const listeners = new Set<CommittedListener>();
  const log = {
    onCommitted(listener: CommittedListener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const queues = {
    enqueueBulk: async (_: string, jobs: Offered) => {
      if (jobs.length > 0) offered.push(jobs.map(({ data }) => data.streamId));
      return true;
    },
  };
  const runner = { projectedHere: (id: string) => projected[id] ?? 0, busy: false };
  const trigger = new ProjectionTrigger(
    { projectInPlaceMs },
    log as unknown as EventLog,
    queues as unknown as JobQueues,
    runner as unknown as ProjectionRunner,
  );
  trigger.onModuleInit();
  const commit = (streamId: string, seq: number, hasNonDeltas: boolean, origin: WorkOrigin | null = null) => {
    for (const listener of listeners) listener(streamId, seq, hasNonDeltas, { types: [], origin });
  };
  return { commit, offered, projected, runner, trigger };
}

describe('ProjectionTrigger', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 0 }));
  afterEach(() => void jest.useRealTimers());

  it('offers each written stream once for many commits', () => {
    const { commit, offered } = started();
    for (let seq = 1; seq < 10; seq += 1) commit('a', seq, true);
    commit('b', 1, true);
    jest.advanceTimersByTime(100);
    expect(offered).toEqual([['a', 'b']]);
  });

  it("leaves a command's own projection its time, and offers nothing when that did it", () => {
    const { commit, offered, projected } = started(250);
    commit('a', 5, true);
    commit('b', 5, true);
    projected.a = 5;
    jest.advanceTimersByTime(200);
    expect(offered).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(offered).toEqual([['b']]);
  });

  it('offers a stream of deltas after it has doubled, and at most every 250 ms', () => {
    const { commit, offered } = started();
    commit('a', 1, true);
    jest.advanceTimersByTime(100);
    offered.length = 0;
    // one delta a millisecond: ten seconds
    for (let seq = 2; seq <= 10_001; seq += 1) {
      commit('a', seq, false);
      jest.advanceTimersByTime(1);
    }
    const most = Math.ceil(Math.log2(10_000 / 250)) + 2;
    expect(offered.length).toBeGreaterThan(3);
    expect(offered.length).toBeLessThanOrEqual(most);
  });

  it('offers no stream of deltas while the slots are full, and does so after that', () => {
    const { commit, offered, runner } = started();
    commit('a', 1, true);
    jest.advanceTimersByTime(300);
    offered.length = 0;
    runner.busy = true;
    commit('a', 50, false);
    commit('b', 1, true);
    jest.advanceTimersByTime(300);
    expect(offered).toEqual([['b']]);
    runner.busy = false;
    commit('a', 51, false);
    jest.advanceTimersByTime(300);
    expect(offered).toEqual([['b'], ['a']]);
  });

  it('stops with its module', () => {
    const { commit, offered, trigger } = started();
    commit('a', 1, true);
    trigger.onModuleDestroy();
    commit('b', 1, true);
    jest.advanceTimersByTime(1_000);
    expect(offered).toEqual([]);
  });
});
