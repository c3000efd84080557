import { randomUUID } from 'node:crypto';
import {
  commandOf,
  event,
  openEventLog,
  TENANT,
  unitOf,
  type LogFixture,
} from '../../../../test/support/event-log.js';
import { ClearPayloadCodec } from '../clear-payload-codec.js';
import { holdUnit } from '../held-unit.js';
import { sortStatement, verdictsOf, type Verdict } from '../sort-statement.js';
import type { AppendUnit } from '../types.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

async function sort(...units: AppendUnit[]): Promise<Verdict[]> {
  const held = units.map((unit) => holdUnit(unit, new ClearPayloadCodec()));
  const { rows } = await fixture.database.run(sortStatement(held));
  return verdictsOf(held, rows);
}

describe('sort_units', () => {
  it('knows our own commit by its event ids, with its times in the order of the parts', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await fixture.log.append(unitOf(b, 0));
    const both = { appends: [...unitOf(b, 1).appends, ...unitOf(a, 0).appends], command: commandOf(a) };
    const outcome = await fixture.log.append(both);
    const ats = outcome.status === 'committed' ? outcome.positions.map(({ at }) => Date.parse(at)) : [];
    expect(await sort(both)).toEqual([{ kind: 'ours', ats }]);
  });

  it('finds the answer of a command that someone else ran', async () => {
    const streamId = randomUUID();
    const command = commandOf(streamId);
    await fixture.log.append(unitOf(streamId, 0, [event()], { command }));
    expect(await sort(unitOf(streamId, 0, [event()], { command }), { appends: [], command })).toEqual([
      { kind: 'answered', command: { ...command, seqFrom: 1, seqTo: 1 } },
      { kind: 'answered', command: { ...command, seqFrom: 1, seqTo: 1 } },
    ]);
  });

  it('calls a unit beaten whose seq is taken, whose head is not there, or whose stream was made', async () => {
    const streamId = randomUUID();
    await fixture.log.append(unitOf(streamId, 0, [event(), event()]));
    const unknown = unitOf(randomUUID(), 3);
    const verdicts = await sort(unitOf(streamId, 1), unitOf(streamId, 0), unitOf(streamId, 7), unknown);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['beaten', 'beaten', 'beaten', 'beaten']);
    expect(verdicts[0]).toEqual({ kind: 'beaten', streamId });
  });

  it('names the stream of several that was beaten', async () => {
    const [free, taken] = [randomUUID(), randomUUID()];
    await fixture.log.append(unitOf(free, 0));
    await fixture.log.append(unitOf(taken, 0, [event(), event()]));
    const appends = [free, taken].map((streamId) => ({
      streamId,
      tenantId: TENANT,
      expectedSeq: 1,
      events: [event()],
    }));
    expect(await sort({ appends })).toEqual([{ kind: 'beaten', streamId: taken }]);
  });

  it('calls free what can be sent again, and what follows it in the same flush', async () => {
    const streamId = randomUUID();
    await fixture.log.append(unitOf(streamId, 0));
    const verdicts = await sort(unitOf(streamId, 1), unitOf(streamId, 2), unitOf(randomUUID(), 0), {
      appends: [],
      command: commandOf(streamId),
    });
    expect(verdicts).toEqual([{ kind: 'free' }, { kind: 'free' }, { kind: 'free' }, { kind: 'free' }]);
  });
});
