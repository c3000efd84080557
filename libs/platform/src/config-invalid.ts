/** One setting that the start cannot go on with. */
export type ConfigProblem = { name: string; value: string; problem: string };

/** The configuration cannot be used; the message is a table of everything that is wrong, secrets left out. */
export class ConfigInvalid extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(table(problems));
    this.name = 'ConfigInvalid';
  }
}

function table(problems: readonly ConfigProblem[]): string {
  const rows = [{ name: 'setting', value: 'value', problem: 'what is wrong' }, ...problems];
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  const valueWidth = Math.max(...rows.map((row) => row.value.length));
  const lines = rows.map(
    (row) => `  ${row.name.padEnd(nameWidth)}  ${row.value.padEnd(valueWidth)}  ${row.problem}`,
  );
  return `the configuration cannot be used:\n${lines.join('\n')}`;
}
