import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Everything that this process measures. A registry of its own: a library that uses the common one changes nothing here. */
export const registry = new Registry();

const registers = [registry];

export function counter<L extends string = never>(name: string, help: string, ...labelNames: L[]) {
  return new Counter<L>({ name, help, labelNames, registers });
}

/**
 * A counter that is told from the start with each of these values of its label: one that is first seen at 1 has not risen, to
 * Prometheus, and an alert on it would miss the first time.
 */
export function counterFrom0<L extends string>(
  name: string,
  help: string,
  label: L,
  values: readonly string[],
) {
  const made = counter(name, help, label);
  for (const value of values) made.inc({ [label]: value } as Partial<Record<L, string>>, 0);
  return made;
}

export function gauge<L extends string = never>(name: string, help: string, ...labelNames: L[]) {
  return new Gauge<L>({ name, help, labelNames, registers });
}

/** A gauge that shows nothing until it was set: where 0 would be told as if it were so. */
export function absentGauge(name: string, help: string) {
  const made = gauge(name, help);
  made.remove();
  return made;
}

export function histogram<L extends string = never>(
  name: string,
  help: string,
  buckets: number[],
  ...labelNames: L[]
) {
  return new Histogram<L>({ name, help, buckets, labelNames, registers });
}
