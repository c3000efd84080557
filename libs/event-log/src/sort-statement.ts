import type { QueryConfig } from 'pg';
import type { HeldUnit } from './held-unit.js';
import { storedCommandFrom, type CommandRow } from './stored-command.js';
import type { StoredCommand } from './types.js';

/** What became of a unit; `sort_units` says what each word rests on. */
export type Verdict =
  | { kind: 'ours'; ats: number[] }
  | { kind: 'answered'; command: StoredCommand }
  | { kind: 'beaten'; streamId: string }
  | { kind: 'free' };

type SortRow = {
  unit: number;
  verdict: Verdict['kind'];
  ats: (string | number)[] | null;
  command: CommandRow | null;
  beaten_on: string | null;
};

export function sortStatement(units: readonly HeldUnit[]): QueryConfig {
  const tails = new Map<string, number>();
  const parts = units.flatMap((unit, index) =>
    unit.parts.map((part) => {
      const follows = tails.get(part.streamId) === part.expectedSeq;
      tails.set(part.streamId, part.seqTo);
      return { ...part, unit: index + 1, follows };
    }),
  );
  const commands = units.flatMap(({ unit: { command } }, index) =>
    command ? [{ ...command, unit: index + 1 }] : [],
  );
  return {
    name: 'sort_units',
    text: 'select * from sort_units($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [
      parts.map((part) => part.unit),
      parts.map((part) => part.streamId),
      parts.map((part) => part.seqFrom),
      parts.map((part) => part.events[0]!.eventId),
      parts.map((part) => part.create !== undefined),
      parts.map((part) => part.follows),
      commands.map((command) => command.unit),
      commands.map((command) => command.tenantId),
      commands.map((command) => command.principal),
      commands.map((command) => command.commandId),
    ],
  };
}

/** The verdicts in the order of the units. */
export function verdictsOf(units: readonly HeldUnit[], rows: SortRow[]): Verdict[] {
  const byUnit = new Map(rows.map((row) => [row.unit, row]));
  return units.map((_, index) => {
    const row = byUnit.get(index + 1);
    if (!row) throw new Error('sort_units gave no verdict on a unit');
    switch (row.verdict) {
      case 'ours':
        return { kind: 'ours', ats: row.ats!.map(Number) };
      case 'answered':
        return { kind: 'answered', command: storedCommandFrom(row.command!) };
      case 'beaten':
        return { kind: 'beaten', streamId: row.beaten_on! };
      case 'free':
        return { kind: 'free' };
      default:
        row.verdict satisfies never;
        throw new Error(`sort_units said ${String(row.verdict)}`);
    }
  });
}
