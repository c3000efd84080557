/** A folder of scheduled backups. `startedAt` and `epoch` are null where nothing of it is known yet. */
export type ShelvedBackup = { name: string; whole: boolean; startedAt: string | null; epoch: string | null };

/**
 * The backups that may go: of this log the whole ones beyond the newest `keep`, and unfinished ones that a newer whole one has
 * made useless. The newest whole one stays, and so do all of other logs: after a restore, or on an empty database that was
 * started by mistake, they may be all that is left.
 */
export function superfluous(backups: readonly ShelvedBackup[], epoch: string, keep: number): ShelvedBackup[] {
  const mine = backups.filter((backup) => backup.epoch === epoch).toSorted(newestFirst);
  const whole = mine.filter((backup) => backup.whole);
  const [newest] = whole;
  const overtaken = mine.filter((backup) => !backup.whole && newest && newestFirst(newest, backup) < 0);
  return [...whole.slice(Math.max(1, keep)), ...overtaken];
}

/** The one that was begun last: whole, or to be gone on with. */
export function newestOf(backups: readonly ShelvedBackup[], epoch: string): ShelvedBackup | undefined {
  return backups.filter((backup) => backup.epoch === epoch).toSorted(newestFirst)[0];
}

function newestFirst(a: ShelvedBackup, b: ShelvedBackup): number {
  return Date.parse(b.startedAt ?? '') - Date.parse(a.startedAt ?? '');
}
