import { setTimeout as pause } from 'node:timers/promises';
import { ProcessReports } from '#platform';
import { type Rebuild, Rebuilds, RebuildWorker } from '#projections';
import type { Cli } from '../cli/lol-command.js';
import type { Session } from '../session/session.js';

/** Those that do the work of rebuilds beside others. */
const WORKING = ['all', 'worker'];
const LOOK_EVERY_MS = 250;

/**
 * Follows rebuilds until none of them runs, or the signal comes, and gives them as they stand then. Where no worker is alive the
 * work is done here.
 */
export async function watchRebuilds(
  session: Session,
  ids: readonly string[],
  { output, signal }: Cli,
): Promise<Rebuild[]> {
  const worker = session.get(RebuildWorker);
  const isOurs = !(await hasWorkers(session));
  if (isOurs) {
    output.remark('no worker reports itself: the work is done here');
    worker.start();
  }
  const progress = output.progress('rebuild');
  try {
    for (;;) {
      const rebuilds = await all(session, ids);
      const running = rebuilds.filter(({ status }) => status === 'running');
      const { done, total, note } = stand(rebuilds);
      progress.update(done, total, note);
      if (running.length === 0 || signal.aborted) return rebuilds;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
    if (isOurs) await worker.stop();
  }
}

/** Whether someone else takes the work: the processes report themselves about every second. */
export async function hasWorkers(session: Session): Promise<boolean> {
  const reports = await session.get(ProcessReports).recent();
  return reports.some(({ role }) => WORKING.includes(role));
}

async function all(session: Session, ids: readonly string[]): Promise<Rebuild[]> {
  const found = await Promise.all(ids.map((id) => session.get(Rebuilds).get(id)));
  return found.filter((rebuild) => rebuild !== null);
}

/** Streams are copied once and compared once, so each counts twice. */
function stand(rebuilds: readonly Rebuild[]): { done: number; total: number; note: string } {
  const sum = (of: (rebuild: Rebuild) => number): number => rebuilds.reduce((all, one) => all + of(one), 0);
  const now = rebuilds.find(({ status }) => status === 'running');
  return {
    done: sum(({ streamsDone, compared }) => streamsDone + compared),
    total: sum(({ streamsTotal }) => 2 * streamsTotal),
    note: now
      ? `${now.projection} ${now.phase}${now.rate ? `, ${now.rate.toLocaleString('en')} events/s` : ''}`
      : '',
  };
}
