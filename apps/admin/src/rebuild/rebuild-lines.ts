import type { Rebuild } from '#projections';

/** One rebuild in a line: what, how far, and what it waits for. */
export function rebuildLine(rebuild: Rebuild): string {
  const { id, projection, generation, version, dryRun } = rebuild;
  const what = `${projection} → generation ${generation} (v${version})${dryRun ? ', dry run' : ''}`;
  return `${what}: ${rebuildStand(rebuild)}  [${id}]`;
}

/** Where it stands, in words. */
export function rebuildStand(rebuild: Rebuild): string {
  const { status, phase, streamsDone, streamsTotal, compared, differing, error } = rebuild;
  switch (status) {
    case 'running':
      return phase === 'comparing'
        ? `comparing, ${compared} of ${streamsTotal} streams`
        : `${phase}, ${streamsDone} of ${streamsTotal} streams`;
    case 'paused':
      return `paused while ${phase}, ${streamsDone} of ${streamsTotal} streams`;
    case 'awaiting_acceptance':
      return `${differing ?? 0} streams differ from the live rows: accept or cancel`;
    case 'done':
      return `done, ${streamsTotal} streams, ${differing ?? 0} differing`;
    case 'cancelled':
      return 'cancelled';
    case 'failed':
      return `failed: ${error ?? 'no reason was kept'}`;
    default:
      return status satisfies never;
  }
}
