import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '#platform';

/** `npm start` as a person runs it, without npm around it. */
export type Launched = {
  pid: number;
  output(): string;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
  signal(name: NodeJS.Signals): void;
};

/** Starts the launcher; `args` name a role, and `root` another copy of the project. */
export function launch(env: Record<string, string>, args: string[] = [], root = projectRoot()): Launched {
  const child = spawn(process.execPath, [join(root, 'apps', 'launcher', 'start.mjs'), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return { pid: child.pid ?? 0, output: () => output, ended, signal: (name) => void child.kill(name) };
}

/** @throws with the output when the launched program ends first. */
export async function untilReady(launched: Launched, url: string): Promise<void> {
  let over = false;
  void launched.ended.then(() => (over = true));
  for (;;) {
    const ready = await fetch(`${url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (over) throw new Error(`it ended before it was ready:\n${launched.output()}`);
    await pause(50);
  }
}
