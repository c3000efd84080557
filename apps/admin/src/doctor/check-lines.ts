import type { Check } from './check.js';

/** One line a look, and below it what to do where something is to be done; what is wrong comes again at the end. */
export function checkLines(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, verdict, found, remedy }) => [
    `${verdict.padEnd(4)}  ${name.padEnd(width)}  ${found}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 8)}→ ${remedy}`]),
  ]);
  const count = (wanted: Check['verdict']): number =>
    checks.filter(({ verdict }) => verdict === wanted).length;
  return [...lines, '', `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} wrong`];
}
