import { v5, v7, validate } from 'uuid';

/** Turns a namespace that is no UUID into one. */
const ROOT = '0d6a3c1e-6f0b-5a43-9d5e-2b7c5a1f4e90';

/** A new id: uuid v7, so ids made later sort later (to the millisecond). */
export function newId(): string {
  return v7();
}

/** The same id for the same namespace and name, always: uuid v5. `namespace` is a UUID or any other text. */
export function deriveId(namespace: string, name: string): string {
  return v5(name, validate(namespace) ? namespace : v5(namespace, ROOT));
}
