import type { ArchiveProgress, BackupManifest } from '#archive';
import type { Output } from '../cli/output.js';
import { duration } from '../cli/progress.js';
import { pairs, size } from '../cli/table.js';

type Report = { folder: string; resumed: boolean; manifest: BackupManifest; seconds: number };

/** Shows an archive's work, each phase from its own beginning. */
export function archiveProgress(
  output: Output,
  label: string,
): { onProgress: (progress: ArchiveProgress) => void; end: () => void } {
  let shown = output.progress(label);
  let phase: ArchiveProgress['phase'] | null = null;
  return {
    onProgress: (progress) => {
      if (phase !== null && phase !== progress.phase) {
        shown.end();
        shown = output.progress(label);
      }
      phase = progress.phase;
      shown.update(
        progress.rows,
        progress.total,
        `${progress.phase} ${progress.part} ${size(progress.bytes)}`,
      );
    },
    end: () => shown.end(),
  };
}

/** What a backup holds, for people. */
export function manifestLines({ folder, resumed, manifest, seconds }: Report): string[] {
  const rows = manifest.tables.map((table): [string, string] => [
    table.name,
    `${table.rows.toLocaleString('en')} rows`,
  ]);
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  return pairs([
    ['folder', folder],
    ['backup', `${manifest.id}, of ${manifest.endedAt}${resumed ? ', gone on with' : ''}`],
    ...rows,
    ['size', `${size(bytes)} in ${manifest.parts.length} parts, ${duration(seconds)}`],
  ]);
}
