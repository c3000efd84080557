import { held } from '../../../test/support/held-units.js';
import { AppendBuffer } from './append-buffer.js';
import { FlushRunner, type UnitFates } from './flush-runner.js';
import type { FlushStore } from './flush-store.js';
import type { HeldUnit } from './held-unit.js';
import type { Verdict } from './sort-statement.js';

const sqlError = (code?: string) =>
  Object.assign(new Error(`failure ${code ?? 'without a code'}`), code ? { code } : {});

/** A database that fails as told; `fates` collects what each unit was told, in words. */
function stage(
  fail: (units: HeldUnit[], call: number) => Error | null,
  verdict: (unit: HeldUnit) => Verdict = () => ({ kind: 'free' }),
) {
  const buffer = new AppendBuffer();
  const sent: HeldUnit[][] = [];
  const fates = new Map<HeldUnit, string>();
  const end = (unit: HeldUnit, fate: string) => {
    fates.set(unit, fate);
    buffer.release(unit);
  };
  const told: UnitFates = {
    committed: (unit) => end(unit, 'committed'),
    answered: (unit) => end(unit, 'answered'),
    failed: (unit, error) => {
      const followers = buffer.followers(unit);
      end(unit, 'sqlState' in error ? `${error.name} ${String(error.sqlState)}` : error.name);
      for (const follower of followers) end(follower, 'taken along');
    },
    holds: (unit) => buffer.holds(unit),
  };
  const store = {
    send: async (units: HeldUnit[]) => {
      sent.push([...units]);
      const error = fail(units, sent.length);
      if (error) throw error;
      return units.map((unit) => unit.parts.map(() => 0));
    },
    verdicts: async (units: HeldUnit[]) => units.map(verdict),
  };
  const runner = new FlushRunner(store as unknown as FlushStore, told);
  const run = async (...units: HeldUnit[]) => {
    for (const unit of units) expect(buffer.hold(unit)).toBeNull();
    await runner.run(units);
    return units.map((unit) => fates.get(unit));
  };
  return { run, sent };
}

const stored = (unit: HeldUnit) => ({ ...unit.unit.command!, seqFrom: 2, seqTo: 2 });
const unitsOn = (...names: string[]) => names.map((name) => held({ [name]: 1 }));

describe('a flush that fails', () => {
  it.each(['22P02', '23514', '23502', '54000'])(
    'with a data error (%s) loses the unit that holds it, and no other',
    async (code) => {
      const units = unitsOn('a', 'b', 'c', 'd', 'e');
      const { run } = stage((group) => (group.includes(units[3]!) ? sqlError(code) : null));
      expect(await run(...units)).toEqual([
        'committed',
        'committed',
        'committed',
        `AppendRefused ${code}`,
        'committed',
      ]);
    },
  );

  it('with a data error takes along what follows the bad unit, before it is sent', async () => {
    const [bad, behind, other] = [held({ a: 1 }), held({ a: 2 }), held({ b: 1 })];
    const { run, sent } = stage((group) => (group.includes(bad) ? sqlError('22P02') : null));
    expect(await run(bad, behind, other)).toEqual(['AppendRefused 22P02', 'taken along', 'committed']);
    expect(sent.at(-1)).toEqual([other]);
  });

  it('with a conflict sends the free ones again at once, and gives the beaten back', async () => {
    const [beaten, behind, free] = [held({ a: 1 }), held({ a: 2 }), held({ b: 1 })];
    const { run, sent } = stage(
      (group) => (group.includes(beaten) ? sqlError('23505') : null),
      (unit) =>
        unit === beaten ? { kind: 'beaten', streamId: beaten.parts[0]!.streamId } : { kind: 'free' },
    );
    expect(await run(beaten, behind, free)).toEqual(['WrongExpectedVersion', 'taken along', 'committed']);
    expect(sent).toEqual([[beaten, behind, free], [free]]);
  });

  it('with a conflict that sorting cannot see refuses the one unit that keeps failing alone', async () => {
    const units = unitsOn('a', 'b', 'c', 'd');
    const { run } = stage((group) => (group.includes(units[1]!) ? sqlError('23505') : null));
    expect(await run(...units)).toEqual(['committed', 'AppendRefused 23505', 'committed', 'committed']);
  });

  it('with a conflict that is gone the second time commits', async () => {
    const { run, sent } = stage((_, call) => (call === 1 ? sqlError('LC001') : null));
    expect(await run(...unitsOn('a'))).toEqual(['committed']);
    expect(sent).toHaveLength(2);
  });

  it('without a word tells ours, answered and reused keys from free', async () => {
    const [ours, answered, reused, free] = [
      held({ a: 1 }),
      held({ b: 1 }, { commandId: 'k' }),
      held({ c: 1 }, { commandId: 'l' }),
      held({ d: 1 }),
    ];
    const { run, sent } = stage(
      (_, call) => (call === 1 ? sqlError() : null),
      (unit) => {
        if (unit === ours) return { kind: 'ours', ats: [0] };
        if (unit === answered) return { kind: 'answered', command: stored(unit) };
        if (unit === reused) return { kind: 'answered', command: { ...stored(unit), bodySha256: 'another' } };
        return { kind: 'free' };
      },
    );
    expect(await run(ours, answered, reused, free)).toEqual([
      'committed',
      'answered',
      'IdempotencyKeyReused',
      'committed',
    ]);
    expect(sent.at(-1)).toEqual([free]);
  });

  it.each(['40P01', '40001', '55P03'])(
    'with %s tries a unit six times, apart from the others',
    async (code) => {
      const units = unitsOn('a', 'b', 'c');
      const { run, sent } = stage((group) => (group.includes(units[2]!) ? sqlError(code) : null));
      expect(await run(...units)).toEqual(['committed', 'committed', 'LogUnavailable']);
      expect(sent.filter((group) => group.length === 1 && group[0] === units[2])).toHaveLength(6);
    },
  );

  it.each([
    ['53100', 'a full disk'],
    ['42883', 'a function that is not there'],
  ])('with %s (%s) is not tried again', async (code) => {
    const { run, sent } = stage(() => sqlError(code));
    expect(await run(...unitsOn('a', 'b'))).toEqual(['LogUnavailable', 'LogUnavailable']);
    expect(sent).toHaveLength(1);
  });

  it('gives up after the patience of each unit', async () => {
    const [old, fresh] = unitsOn('a', 'b') as [HeldUnit, HeldUnit];
    old.heldAt -= 60_000;
    const { run, sent } = stage((_, call) => (call === 1 ? sqlError('57P01') : null));
    expect(await run(old, fresh)).toEqual(['LogUnavailable', 'committed']);
    expect(sent.at(-1)).toEqual([fresh]);
  });
});
