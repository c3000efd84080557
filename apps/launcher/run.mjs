import { spawn } from 'node:child_process';

/** A step that failed, with what it printed. */
export class StepFailed extends Error {
  constructor(command, code, output) {
    super(`${command} failed (${code})${output ? `:\n${output}` : ''}`);
    this.name = 'StepFailed';
    this.code = code;
  }
}

/**
 * Runs a program to its end; its output is kept, and shown only where it fails (or at once with `show`). When this process
 * is told to stop, the program is too.
 */
export async function run(command, args, { cwd, env = process.env, show = false } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const forward = (signal) => {
    child.once('close', () => process.exit(130));
    child.kill(signal);
  };
  process.once('SIGINT', forward).once('SIGTERM', forward);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, signal) => resolve(exit ?? signal));
    });
    if (code !== 0) throw new StepFailed([command, ...args].join(' '), code, output);
    return output;
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}
