import { canonicalJson } from '#model';
import type { ReadModelRow } from '../tables/read-model-table.js';
import { comparableRows, countedColumns, type ComparableRows, type ComparedRows } from './comparable-rows.js';

/** A value that is not what it should be. `column` null: the whole row; its values tell which side has it. */
export type RowDifference = {
  table: string;
  /** The row's key as JSON, in the order of the table's key columns. */
  key: string;
  column: string | null;
  /** As JSON, shortened; null: there is no such row. */
  stored: string | null;
  expected: string | null;
};

/** Differences that are told of each stream, unless more are asked for. */
export const MOST_DIFFERENCES = 20;
const SHOWN_CHARACTERS = 200;

/** The first `limit` values that differ, in the order of tables and keys; empty exactly where the digests are equal. */
export function differencesOf(
  stored: readonly ComparedRows[],
  expected: readonly ComparedRows[],
  limit = MOST_DIFFERENCES,
): RowDifference[] {
  const found: RowDifference[] = [];
  const there = new Map(comparableRows(stored).map((rows) => [rows.table.name, rows]));
  const wanted = new Map(comparableRows(expected).map((rows) => [rows.table.name, rows]));
  for (const name of [...new Set([...there.keys(), ...wanted.keys()])].toSorted()) {
    for (const difference of inTable(name, there.get(name), wanted.get(name))) {
      if (found.length >= limit) return found;
      found.push(difference);
    }
  }
  return found;
}

function* inTable(
  table: string,
  stored: ComparableRows | undefined,
  expected: ComparableRows | undefined,
): Generator<RowDifference> {
  const keys = new Set([...(stored?.byKey.keys() ?? []), ...(expected?.byKey.keys() ?? [])]);
  for (const key of [...keys].toSorted()) {
    const [is, should] = [stored?.byKey.get(key), expected?.byKey.get(key)];
    if (is && should) {
      const counted = new Set([
        ...countedColumns(stored!.table, is),
        ...countedColumns(expected!.table, should),
      ]);
      yield* inRow({ table, key }, is, should, counted);
    } else {
      yield {
        table,
        key,
        column: null,
        stored: is ? shown(is) : null,
        expected: should ? shown(should) : null,
      };
    }
  }
}

function* inRow(
  place: { table: string; key: string },
  stored: ReadModelRow,
  expected: ReadModelRow,
  columns: Iterable<string>,
): Generator<RowDifference> {
  for (const column of columns) {
    const [is, should] = [canonicalJson(stored[column]), canonicalJson(expected[column])];
    if (is !== should) yield { ...place, column, ...shortened(is, should) };
  }
}

/** Long values from shortly before the first character that differs. */
function shortened(stored: string, expected: string): Pick<RowDifference, 'stored' | 'expected'> {
  let same = 0;
  while (same < stored.length && stored[same] === expected[same]) same += 1;
  const longest = Math.max(stored.length, expected.length);
  const from = longest <= SHOWN_CHARACTERS ? 0 : Math.max(0, same - SHOWN_CHARACTERS / 4);
  return { stored: cut(stored, from), expected: cut(expected, from) };
}

function shown(row: ReadModelRow): string {
  return cut(canonicalJson(row), 0);
}

function cut(text: string, from: number): string {
  const piece = text.slice(from, from + SHOWN_CHARACTERS);
  return `${from > 0 ? '…' : ''}${piece}${from + SHOWN_CHARACTERS < text.length ? '…' : ''}`;
}
