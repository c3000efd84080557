import type { Checkpoint } from '../checkpoints/checkpoint.js';
import { beginAttempts, forgetAttempt } from '../checkpoints/fold-attempts.js';
import type { FoldOutcome } from '../folding/fold-messages.js';
import type { FoldedChanges } from '../projection.js';
import { together } from '../tables/together.js';
import { isTransient } from './failure-kind.js';
import {
  commitBatches,
  type Batch,
  type FoldedBatch,
  type ProjectorJob,
  type Step,
  type StreamProjector,
} from './stream-projector.js';

type Part = FoldedBatch & { n: number; context: unknown };

/**
 * One step of several projections of a stream, whose locks the session holds, in one transaction: less than half of the statements
 * that they take one by one. Only where nothing is amiss: a projection that has trouble, or a fork whose first rows go on
 * from its ancestors', is `moved` by nothing here, and then goes on by itself; so do all where the transaction fails for what it
 * holds. Gives a step each, in their order.
 * @throws the database's error when it is away; nothing was committed, or all.
 */
export async function stepTogether(
  job: ProjectorJob,
  projectors: readonly StreamProjector[],
  checkpoints: readonly Checkpoint[],
  isFork: boolean,
): Promise<Step[]> {
  const steps: Step[] = projectors.map(() => 'moved');
  const { session, unjust } = job;
  const taken: { n: number; projector: StreamProjector; batch: Batch }[] = [];
  for (const [n, projector] of projectors.entries()) {
    const checkpoint = checkpoints[n]!;
    if (!isHealthy(checkpoint) || unjust.owes(projector.key) || (isFork && !checkpoint.begun)) continue;
    const batch = await projector.take(checkpoint);
    if (batch === 'current' || batch === 'parked') steps[n] = batch;
    else taken.push({ n, projector, batch });
  }
  const contexts = await together(
    taken.map(({ projector, batch }) =>
      projector.load(batch).catch((error: unknown) => {
        if (isTransient(error)) throw error;
        // by itself it fails again, and that is counted
      }),
    ),
  );
  const loaded = taken.map((one, i): Part => ({ ...one, context: contexts[i], changes: null }));
  const parts = loaded.filter(({ context }) => context !== undefined);
  const folded = await foldAll(job, parts, steps);
  if (folded.length === 0) return steps;
  const counted = folded.filter(({ changes }) => changes !== null);
  try {
    if (await commitBatches(job, folded)) {
      for (const { n, projector, batch } of folded) steps[n] = projector.moved(batch);
      return steps;
    }
  } catch (error) {
    if (isTransient(error)) {
      for (const { projector } of counted) unjust.remember(projector.key);
      throw error;
    }
  }
  // one of them cannot be written: which one is found by letting each try
  for (const { projector } of counted) await forgetAttempt(session, projector.key);
  return steps;
}

const isHealthy = ({ attempts, seq, cautiousTo, parkedAt }: Checkpoint) =>
  parkedAt !== null || (attempts === 0 && seq >= cautiousTo);

/** Folds what is to be folded; what fails takes its own step, and the others go on without it. */
async function foldAll(job: ProjectorJob, parts: Part[], steps: Step[]): Promise<Part[]> {
  const { session, unjust } = job;
  const folds = parts.filter(({ context }) => context !== null);
  if (folds.length === 0) return parts;
  const keys = folds.map(({ projector }) => projector.key);
  const failed = new Set<Part>();
  try {
    const heads = folds.map(({ batch }) => batch.checkpoint.head);
    const attempts = await beginAttempts(session, keys[0]!.streamId, keys, Math.max(...heads));
    const outcomes = await foldTogether(job, folds);
    for (const [i, part] of folds.entries()) {
      const { n, projector, batch } = part;
      const changes = await projector.folded(batch, attempts[i]!, outcomes[i]!);
      if (typeof changes === 'string') {
        steps[n] = changes;
        failed.add(part);
      } else part.changes = changes;
    }
  } catch (error) {
    // no fault of the events; it may have been counted
    for (const key of keys) unjust.remember(key);
    throw error;
  }
  return parts.filter((part) => !failed.has(part));
}

/** Those that stand at the same place have the same events, and are folded in one go. */
async function foldTogether(
  { threads }: ProjectorJob,
  parts: readonly Part[],
): Promise<FoldOutcome<FoldedChanges>[]> {
  const groups = new Map(parts.map(({ batch }) => [batch.events, [] as Part[]]));
  for (const part of parts) groups.get(part.batch.events)!.push(part);
  const outcomes = new Map<Part, FoldOutcome<FoldedChanges>>();
  for (const [events, group] of groups) {
    const jobs = group.map(({ projector, context }) => projector.foldJob(context));
    const folded = await threads.foldTogether<FoldedChanges>(events, jobs);
    for (const [i, part] of group.entries()) outcomes.set(part, folded[i]!);
  }
  return parts.map((part) => outcomes.get(part)!);
}
