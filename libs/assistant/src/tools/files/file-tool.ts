import type { z } from 'zod';

/** What a path holds; `sha256` tells whether it changed. */
export type FileEntry = { sha256: string; size: number };

/** The project's files as one call sees them, all at one seq. */
export interface FilesView {
  /** By path, in the order of the paths. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** The contents of those of the paths that exist. */
  contents(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What each path held when this turn last read or wrote it. */
  readonly seen: ReadonlyMap<string, string>;
}

/** What a path is to hold; null: nothing, the file goes. */
export type FileChange = { path: string; content: string | null };

/** What a call did. Nothing of it has happened until it is committed with the call's result. */
export type FileAnswer = {
  result: string;
  /** Paths whose contents Claude knows from now on. */
  read?: readonly string[];
  changes?: readonly FileChange[];
};

/**
 * A tool over the project's files. `run` only looks and decides: it may be run again on a newer tree when someone else wrote
 * first, so it must give the same for the same view. What it throws becomes an error result that Claude reads.
 */
export interface FileTool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Written for Claude. */
  readonly description: string;
  readonly input: Input;
  /** True: its calls may change files, so they are decided at the project's head, in the unit that commits them. */
  readonly writes: boolean;
  run(input: z.infer<Input>, files: FilesView, signal: AbortSignal): Promise<FileAnswer>;
}

/** A call that the files do not allow; `code` is stable, the message is for Claude. */
export class FileRefusal extends Error {
  constructor(
    readonly code:
      'file_not_found' | 'file_not_read' | 'file_changed' | 'file_too_large' | 'no_match' | 'input_invalid',
    message: string,
    /** What the turn knew of this path is worth nothing now. */
    readonly forget?: string,
  ) {
    super(message);
    this.name = 'FileRefusal';
  }
}
