import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtRoot } from './server.js';

/** What a run of the `lol` command line left. */
export type LolRun = { code: number | null; out: string; err: string };

/** Runs the built command line as a process of its own, in an environment that holds nothing of the caller's. */
export async function lol(
  args: string[],
  env: Record<string, string>,
  { cwd }: { cwd?: string } = {},
): Promise<LolRun> {
  const main = join(await builtRoot(), 'dist', 'apps', 'admin', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: LolRun = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.err += chunk.toString()));
  run.code = await new Promise((resolve) => child.once('close', resolve));
  return run;
}

/** The one JSON value that a run with `--json` printed. @throws where it printed anything else */
export function jsonOf({ out, err }: LolRun): unknown {
  try {
    return JSON.parse(out) as unknown;
  } catch (cause) {
    throw new Error(`it is no JSON:\n${out}\n${err}`, { cause });
  }
}
