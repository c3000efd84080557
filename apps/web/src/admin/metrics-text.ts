/** One measured value: its name, its labels, and what it was. */
export type Sample = { name: string; labels: Record<string, string>; value: number };

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus; lines that it does not understand are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((one): Sample[] => {
    const [, name, labels = '', number = ''] = line.exec(one) ?? [];
    const value = Number(number);
    if (name === undefined || Number.isNaN(value)) return [];
    return [{ name, labels: labelsOf(labels), value }];
  });
}

function labelsOf(text: string): Record<string, string> {
  const found = [...text.matchAll(label)].map(([, name = '', value = '']) => [name, unescape(value)]);
  return Object.fromEntries(found) as Record<string, string>;
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** All values of a metric added up, those with the given labels. */
export function sumOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}
