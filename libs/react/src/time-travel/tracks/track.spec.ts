import type { ConversationTimelineResource } from '#contracts';
import { trackOf } from './track.js';
import { markAfter, markBefore, whereabouts } from './where.js';

const mark = (seq: number, kind: 'message' | 'tool' | 'version' | 'status', label: string, more = {}) => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  kind,
  label,
  count: 1,
  ...more,
});
const timeline: ConversationTimelineResource = {
  seq: 40,
  epoch: 'e',
  marks: [
    mark(1, 'status', 'started'),
    mark(2, 'message', 'user'),
    mark(5, 'message', 'assistant'),
    mark(12, 'tool', 'Write'),
    mark(14, 'version', 'completed', { version: 1 }),
    mark(15, 'message', 'edited'),
    mark(20, 'message', 'user'),
    mark(22, 'message', 'assistant'),
    mark(39, 'version', 'completed', { version: 2 }),
  ],
  totals: { message: 5, tool: 1, version: 2, status: 1, fork: 0 },
  density: [],
};

describe('a track', () => {
  it('by token goes through every event', () => {
    const track = trackOf(timeline, 'token');
    expect(track.length).toBe(40);
    expect([0, 1, 17.4, 99].map(track.seqAt)).toEqual([1, 1, 17, 40]);
    expect([1, 17, 40].map(track.positionOf)).toEqual([1, 17, 40]);
  });

  it('by message stops where each is whole, and at the head', () => {
    const track = trackOf(timeline, 'message');
    const stops = Array.from({ length: track.length }, (_, i) => track.seqAt(i + 1));
    expect(stops).toEqual([4, 11, 19, 21, 40]);
    expect([1, 4, 10, 11, 39, 40].map(track.positionOf)).toEqual([1, 1, 1, 2, 4, 5]);
  });

  it('by version stops at the beginning, where each was committed, and at the head', () => {
    const track = trackOf(timeline, 'version');
    expect(Array.from({ length: track.length }, (_, i) => track.seqAt(i + 1))).toEqual([1, 14, 39, 40]);
    expect([1, 13, 14, 38, 40].map(track.positionOf)).toEqual([1, 1, 2, 2, 4]);
  });

  it('leads back to each of its positions', () => {
    for (const kind of ['token', 'message', 'version'] as const) {
      const track = trackOf(timeline, kind);
      for (let i = 1; i <= track.length; i += 1)
        expect([kind, track.positionOf(track.seqAt(i))]).toEqual([kind, i]);
    }
  });

  it('of a conversation that has just begun has one position', () => {
    const young = { ...timeline, seq: 1, marks: timeline.marks.slice(0, 1) };
    for (const kind of ['token', 'message', 'version'] as const) {
      const track = trackOf(young, kind);
      expect([kind, track.length, track.seqAt(1), track.positionOf(1)]).toEqual([kind, 1, 1, 1]);
    }
  });
});

describe('where one is', () => {
  it('counts messages, an edited one once, and names the version', () => {
    expect(whereabouts(timeline, 1)).toEqual({ message: 0, messages: 5, version: null });
    expect(whereabouts(timeline, 13)).toEqual({ message: 3, messages: 5, version: null });
    expect(whereabouts(timeline, 16)).toEqual({ message: 3, messages: 5, version: 1 });
    expect(whereabouts(timeline, 40)).toEqual({ message: 5, messages: 5, version: 2 });
  });

  it('knows the marks beside it', () => {
    expect([markAfter(timeline, 12)?.seq, markBefore(timeline, 12)?.seq]).toEqual([14, 5]);
    expect([markAfter(timeline, 39), markBefore(timeline, 1)]).toEqual([undefined, undefined]);
  });
});
