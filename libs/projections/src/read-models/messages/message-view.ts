import type { ProjectionTarget } from '../../projection.js';
import type { Layer } from '../../reading/layers.js';
import type { Snapshot, Standing } from '../../reading/snapshots.js';
import { isOnPath, type BranchPath } from './branch-path.js';
import { pathAt } from './message-reads.js';
import type { MessagesChanges, MessageVersion } from './message-version.js';

/** The messages of one conversation in one snapshot: rows, and over them what the events after the checkpoint changed. */
export type MessageView = Snapshot &
  Pick<ProjectionTarget, 'generation' | 'streamId'> & {
    /** Whose rows they are, and up to where each stream's count. */
    layers: Layer[];
    rowsAt: number;
    suspect: boolean;
    /** Messages that the tail made or changed, as they are now; their rows do not count. */
    changed: Map<string, MessageVersion>;
    /** Ids of `changed`, for a query that leaves them out. */
    changedIds: string[];
    path: BranchPath;
  };

export async function messageView(
  snapshot: Snapshot,
  standing: Standing<MessagesChanges>,
): Promise<MessageView> {
  const { generation, layers, rowsAt, changes, suspect } = standing;
  const { streamId } = snapshot.stream;
  const versions = (changes?.inserted ?? []).filter(({ validTo }) => validTo === null);
  const changed = new Map(versions.map((version) => [version.message.id, version]));
  const rows = { generation, streamId, layers };
  const path = changes?.paths.at(-1)?.path ?? (await pathAt(snapshot.q, rows))?.path ?? [];
  return { ...snapshot, ...rows, rowsAt, suspect, changed, changedIds: [...changed.keys()], path };
}

/** Messages that the tail changed and that the path shows, oldest first. */
export function changedOnPath({ changed, path }: MessageView): MessageVersion[] {
  return [...changed.values()]
    .filter(({ message, place }) => !message.removed && isOnPath(path, place))
    .toSorted((a, b) => a.place.seq - b.place.seq);
}
