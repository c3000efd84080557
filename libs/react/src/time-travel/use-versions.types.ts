import type { Project, ProjectVersion } from '#contracts';

/** What a restore did. */
export type Restored = {
  /** The version whose files are current now, and the version that they are. */
  restored: number;
  version: number;
  /** False where those files were current already. */
  changed: boolean;
  /** Brings back what was current before. It is a further version: nothing is lost. */
  undo(): Promise<Restored>;
};

/** The versions of a project, newest first, and what can be done with them. Functions keep their identity. */
export type UseVersionsResult = {
  versions: readonly ProjectVersion[];
  /** The newest one; 0 before the first. */
  current: number;
  loading: boolean;
  error: Error | null;
  hasMore: boolean;
  loadMore(): Promise<void>;
  loadingMore: boolean;
  refresh(): Promise<void>;
  /** Makes an old version's files current, as a new version. */
  restore(version: number): Promise<Restored>;
  /** Null takes the name away. */
  rename(version: number, name: string | null): Promise<void>;
  star(version: number, starred: boolean): Promise<void>;
  /** A new project with the files of a version. */
  fork(version: number, title?: string): Promise<Project>;
};
