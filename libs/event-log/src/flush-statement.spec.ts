import { delta, event } from '../../../test/support/event-log.js';
import { held, streamNamed } from '../../../test/support/held-units.js';
import { flushStatement } from './flush-statement.js';
import { restOf } from './flush-rest.js';

const snapshot = (seq: number) => ({ streamId: streamNamed('a'), seq, reducerVersion: 1, state: seq });

describe('flushStatement', () => {
  it('sorts the streams, and joins the units of one in their order', () => {
    const units = [held({ c: 1 }), held({ a: 4, b: 0 }), held({ c: 2 }), held({ a: 5 })];
    const { query, streamIndex } = flushStatement(units);
    const [streams, expected, counts, ids] = query.values as [string[], number[], number[], string[]];
    expect(streams).toEqual(['a', 'b', 'c'].map(streamNamed));
    expect(expected).toEqual([4, 0, 1]);
    expect(counts).toEqual([2, 1, 2]);
    const idOf = (unit: number, part = 0) => units[unit]!.parts[part]!.events[0]!.eventId;
    expect(ids).toEqual([idOf(1), idOf(3), idOf(1, 1), idOf(0), idOf(2)]);
    expect(streamIndex.get(streamNamed('c'))).toBe(2);
  });

  it('sends nothing beside events for units of deltas', () => {
    const { query } = flushStatement([
      held({ a: 1 }, { events: [delta()] }),
      held({ a: 2 }, { events: [delta(), delta()] }),
    ]);
    expect(query.values!.at(-1)).toBeNull();
  });
});

describe('restOf', () => {
  it('upserts each pending stream and snapshot once, with the last of the flush', () => {
    const rest = restOf([
      held({ a: 1 }, { snapshot: snapshot(2), events: [event()] }),
      held({ a: 2, b: 7 }, { snapshot: snapshot(3), events: [event(), delta()] }),
    ]);
    expect(rest!.pending).toEqual([
      { stream_id: streamNamed('a'), tenant_id: 'tenant', seq: 3 },
      { stream_id: streamNamed('b'), tenant_id: 'tenant', seq: 8 },
    ]);
    expect(rest!.snapshots).toEqual([
      { stream_id: streamNamed('a'), reducer_version: 1, seq: 3, state: '3' },
    ]);
  });

  it('gives a command the seqs of its own stream, or where it was decided', () => {
    const rest = restOf([
      held({ a: 1, b: 7 }, { commandId: 'two streams' }),
      held({}, { command: { ...held({ c: 3 }, { commandId: 'no-op' }).unit.command!, decidedAtSeq: 3 } }),
    ]);
    expect(rest!.commands.map(({ seq_from, seq_to }) => [seq_from, seq_to])).toEqual([
      [2, 2],
      [null, 3],
    ]);
  });
});
