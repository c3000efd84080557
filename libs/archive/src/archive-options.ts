/** Where a backup or a restore stands. */
export type ArchiveProgress = {
  /** `checking`: checksums of parts; `reading`: log to folder; `writing`: folder to log; `finishing`: checks at the end. */
  phase: 'checking' | 'reading' | 'writing' | 'finishing';
  /** The name of its file; empty while finishing. */
  part: string;
  /** Of the part's table, so far; checking: parts. */
  rows: number;
  /** Null: not known. */
  total: number | null;
  /** Of part files, so far. */
  bytes: number;
};

export type ArchiveOptions = {
  onProgress?: (progress: ArchiveProgress) => void;
  /** Ends it; the same call goes on later where it stopped. */
  signal?: AbortSignal;
};
