import { AppendRefused, IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from './errors.js';
import type { FlushStore } from './flush-store.js';
import type { HeldUnit } from './held-unit.js';
import { RetryBudget, UNIT_PATIENCE_MS } from './retry-budget.js';
import type { Verdict } from './sort-statement.js';
import { sqlFailureOf, sqlStateOf, type SqlFailure } from './sql-failure.js';
import type { StoredCommand } from './types.js';

/** Who is told what became of a unit. */
export interface UnitFates {
  committed(unit: HeldUnit, ats: number[]): void;
  answered(unit: HeldUnit, command: StoredCommand): void;
  /** Removes the unit, and with it the later units on its streams: they cannot be committed without it. */
  failed(unit: HeldUnit, error: Error): void;
  holds(unit: HeldUnit): boolean;
}

type Failure = { kind: SqlFailure; error: Error };

/** Sends a flush until the fate of each of its units is known, or nobody can say within the unit's patience. Never rejects. */
export class FlushRunner {
  constructor(
    private readonly store: FlushStore,
    private readonly fates: UnitFates,
  ) {}

  async run(flush: readonly HeldUnit[]): Promise<void> {
    const budget = new RetryBudget();
    let units = this.held(flush);
    let resent = false;
    while (units.length > 0) {
      const failure = await this.send(units);
      if (!failure) return;
      switch (failure.kind) {
        case 'data':
          return this.isolate(units, failure);
        case 'storage_full':
          return this.fail(units, new LogUnavailable('the disk of the database is full', 'storage_full'));
        case 'broken':
          return this.fail(
            units,
            new LogUnavailable(`the database does not fit this code: ${failure.error.message}`),
          );
        case 'lock':
          // one locked row must not hold up the others
          if (units.length > 1) return this.halve(units);
          if (!(await budget.afterLock())) return this.fail(units, unavailable(failure));
          units = this.patient(units, failure);
          break;
        case 'conflict': {
          const before = units.length;
          units = await this.sortOut(units, failure, budget);
          if (units.length < before) break;
          // nothing stands in their way that sorting can see: once more, then one by one
          if (resent) return this.isolate(units, failure);
          resent = true;
          break;
        }
        case 'unknown':
          await budget.afterUnknown();
          units = await this.sortOut(units, failure, budget);
          break;
        default:
          failure.kind satisfies never;
      }
      units = this.held(units);
    }
  }

  private async send(units: HeldUnit[]): Promise<Failure | null> {
    let ats: number[][];
    try {
      ats = await this.store.send(units);
    } catch (error) {
      return { kind: sqlFailureOf(error), error: error as Error };
    }
    units.forEach((unit, index) => this.fates.committed(unit, ats[index]!));
    return null;
  }

  /** Tells the owners of all units whose fate stands in the log; gives the free ones. */
  private async sortOut(units: HeldUnit[], failure: Failure, budget: RetryBudget): Promise<HeldUnit[]> {
    let rest = this.patient(units, failure);
    while (rest.length > 0) {
      try {
        const verdicts = await this.store.verdicts(rest);
        rest.forEach((unit, index) => this.tell(unit, verdicts[index]!));
        return this.held(rest);
      } catch (error) {
        await budget.afterUnknown();
        rest = this.patient(rest, { kind: 'unknown', error: error as Error });
      }
    }
    return [];
  }

  private tell(unit: HeldUnit, verdict: Verdict): void {
    // an earlier unit of this flush may have taken it along
    if (!this.fates.holds(unit)) return;
    const { command } = unit.unit;
    switch (verdict.kind) {
      case 'ours':
        return this.fates.committed(unit, verdict.ats);
      case 'answered':
        return verdict.command.bodySha256 === command?.bodySha256
          ? this.fates.answered(unit, verdict.command)
          : this.fates.failed(unit, new IdempotencyKeyReused(verdict.command.commandId));
      case 'beaten': {
        const part = unit.parts.find(({ streamId }) => streamId === verdict.streamId)!;
        return this.fates.failed(unit, new WrongExpectedVersion(part.streamId, part.expectedSeq));
      }
      case 'free':
        return undefined;
      default:
        return verdict satisfies never;
    }
  }

  private async isolate(units: HeldUnit[], failure: Failure): Promise<void> {
    if (units.length > 1) return this.halve(units);
    return this.fail(units, new AppendRefused(sqlStateOf(failure.error) ?? 'XX000', failure.error.message));
  }

  /** One half after the other, so that a stream's units stay in order. */
  private async halve(units: HeldUnit[]): Promise<void> {
    const middle = Math.ceil(units.length / 2);
    await this.run(units.slice(0, middle));
    await this.run(units.slice(middle));
  }

  private patient(units: HeldUnit[], failure: Failure): HeldUnit[] {
    const oldest = performance.now() - UNIT_PATIENCE_MS;
    this.fail(
      units.filter((unit) => unit.heldAt < oldest),
      unavailable(failure),
    );
    return this.held(units);
  }

  private fail(units: readonly HeldUnit[], error: Error): void {
    for (const unit of this.held(units)) {
      if (this.fates.holds(unit)) this.fates.failed(unit, error);
    }
  }

  private held(units: readonly HeldUnit[]): HeldUnit[] {
    return units.filter((unit) => this.fates.holds(unit));
  }
}

function unavailable({ error }: Failure): LogUnavailable {
  return new LogUnavailable(`the log did not answer in time: ${error.message}`);
}
