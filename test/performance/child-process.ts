import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Defer } from './cleanup.js';

type Call = { id: number; method: string; args: unknown[] };
type Answer = { id: number; result?: unknown; error?: string };
/** What a child process offers, as the parent sees it: JSON in, JSON out. */
type Methods = { [method: string]: (...args: never[]) => unknown };
export type Remote<T extends Methods> = {
  [M in keyof T]: (...args: Parameters<T[M]>) => Promise<Awaited<ReturnType<T[M]>>>;
} & { pid: number };

/** Starts `<name>.js` beside this file as a process of its own. It ends with this one, whatever ends that. */
export function startChild<T extends Methods>(name: string, defer: Defer): Remote<T> {
  const child = fork(join(import.meta.dirname, `${name}.js`), { execArgv: [] });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let calls = 0;
  child.on('message', ({ id, result, error }: Answer) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(`${name}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    const gone = new Error(`the process ${name} ended: ${signal ?? code}`);
    for (const { reject } of waiting.values()) reject(gone);
  });
  defer(() => child.kill('SIGKILL'));
  const call = (method: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      const id = (calls += 1);
      waiting.set(id, { resolve, reject });
      child.send({ id, method, args } satisfies Call);
    });
  return new Proxy({} as Remote<T>, {
    get: (_, name) => (name === 'pid' ? child.pid : (...args: unknown[]) => call(String(name), args)),
  });
}

/** Answers the parent's calls, in the child. */
export function serveParent(methods: Methods): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ id, method, args }: Call) => {
    Promise.resolve()
      .then(() => (methods[method] as (...args: unknown[]) => unknown)(...args))
      .then((result) => process.send!({ id, result } satisfies Answer))
      .catch((error: Error) => process.send!({ id, error: error.stack } satisfies Answer));
  });
}
