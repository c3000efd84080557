import type { Rebuild } from '#projections';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import type { Cli } from '../cli/lol-command.js';
import type { Session } from '../session/session.js';
import { differencesFile, writeDifferences } from './rebuild-differences.js';
import { rebuildLine } from './rebuild-lines.js';
import { hasWorkers, watchRebuilds } from './rebuild-watch.js';

/** Follows rebuilds to where they stop, and tells how they stand there and what a person can do. `detach`: looks once. */
export async function followRebuilds(
  session: Session,
  ids: readonly string[],
  { detach = false, out }: { detach?: boolean; out?: string },
  cli: Cli,
): Promise<ExitCode> {
  const { output, signal } = cli;
  const signalled = detach ? AbortSignal.abort() : signal;
  const rebuilds = await watchRebuilds(session, ids, { output, signal: signalled });
  const files = new Map<string, string>();
  for (const one of rebuilds) {
    // a dry run has its file, if only an empty one
    if (!(one.dryRun && one.status === 'done') && !(one.differing ?? 0)) continue;
    const file = out ?? (await differencesFile(one));
    await writeDifferences(session, one, file);
    files.set(one.id, file);
  }
  output.result(
    rebuilds.map((one) => ({ ...one, ...(files.has(one.id) && { differences: files.get(one.id) }) })),
    rebuilds.flatMap((one) => [rebuildLine(one), ...whatNext(one, files.get(one.id))]),
  );
  if (!detach && signal.aborted) return interrupted(session, rebuilds, cli);
  const isFine = rebuilds.every(({ status, dryRun, differing }) =>
    detach ? status !== 'failed' : status === 'done' && !(dryRun && differing),
  );
  return isFine ? exitCodes.fine : exitCodes.problem;
}

/** What a person can do about it. */
function whatNext({ id, status }: Rebuild, file: string | undefined): string[] {
  const differences = file === undefined ? [] : [`  the differences are in ${file}`];
  if (status !== 'awaiting_acceptance') return differences;
  return [
    ...differences,
    `  npm run lol -- rebuild --accept ${id}`,
    `  npm run lol -- rebuild --cancel ${id}`,
  ];
}

async function interrupted(
  session: Session,
  rebuilds: readonly Rebuild[],
  { output }: Cli,
): Promise<ExitCode> {
  const running = rebuilds.filter(({ status }) => status === 'running');
  const goesOn = await hasWorkers(session);
  for (const { id } of running) {
    output.warn(
      goesOn
        ? `it goes on in the workers; npm run lol -- rebuild --follow ${id}`
        : `it stands where it is, and goes on with a worker, or with: npm run lol -- rebuild --follow ${id}`,
    );
  }
  return exitCodes.interrupted;
}
