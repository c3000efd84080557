/** A promise that the test settles from outside. */
export type Deferred<T> = { promise: Promise<T>; resolve(value: T): void; reject(error: Error): void };

export function deferred<T = void>(): Deferred<T> {
  const parts: Partial<Deferred<T>> = {};
  parts.promise = new Promise<T>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts as Deferred<T>;
}
