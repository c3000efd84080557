/** The first line of an exported stream. */
export type ExportHeader = {
  format: typeof EXPORT_FORMAT;
  version: typeof EXPORT_VERSION;
  streamId: string;
  kind: string;
  /** Of the log that it comes from. */
  epoch: string;
  exportedAt: string;
};

/** The last line: how many lines stand between it and the first, and the SHA-256 of all bytes before it. */
export type ExportEnd = { end: true; count: number; sha256: string };

export const EXPORT_FORMAT = 'lol-chat-log-stream';
export const EXPORT_VERSION = 1;

/** What the lines between are of, in this order: `{"<table>": {…row…}}`. Ancestors stand before their forks. */
export const EXPORTED_TABLES = ['streams', 'blobs', 'events', 'entities', 'turns'] as const;
export type ExportedTable = (typeof EXPORTED_TABLES)[number];
