import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#platform';

/** A figure beside what it should reach. */
export type Goal = { row: string; measured: string; goal: string; met: boolean };

/** Where `npm run bench` finds what its parts measured. */
export const resultsFolder = (): string => join(projectRoot(), '.data', 'bench');

/** Prints the goals, and keeps them with all figures as JSON under the benchmark's name, over those of the last run. */
export async function publish(benchmark: string, figures: object, goals: Goal[]): Promise<void> {
  if (goals.length > 0)
    console.table(goals.map(({ met, ...goal }) => ({ ...goal, met: met ? 'yes' : 'NO' })));
  const [load] = loadavg();
  const setting = { cpus: cpus().length, node: process.version, load, at: new Date().toISOString() };
  await mkdir(resultsFolder(), { recursive: true });
  const file = join(resultsFolder(), `${benchmark}.json`);
  await writeFile(file, `${JSON.stringify({ benchmark, ...setting, goals, figures }, null, 1)}\n`);
}

/** A goal for a figure that should not be above, or below, a limit. */
export function goal(row: string, figure: number, limit: { max: number } | { min: number }, unit = ''): Goal {
  const [met, sign, bound] =
    'max' in limit ? [figure <= limit.max, '≤', limit.max] : [figure >= limit.min, '≥', limit.min];
  return { row, measured: `${rounded(figure)}${unit}`, goal: `${sign} ${rounded(bound)}${unit}`, met };
}

/** Three digits that matter. */
export const rounded = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));

/** Half of the values are not above it. @throws where there are none */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values have no median');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
