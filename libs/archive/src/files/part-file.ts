/** One file of a backup, whole: written, counted, and on the disk. */
export type PartFile = {
  name: string;
  table: string;
  rows: number;
  bytes: number;
  sha256: string;
  /** The key of its last row: the table's next part goes on after it; null: it is the table's last one. */
  to: (string | number)[] | null;
};
