/** A row that is written for the first time; `validTo` null: it stands. */
export type NewRow<Fields> = { fields: Fields; validFrom: number; validTo: number | null };
/** A stored row that ends; `patch` is what else its end says. */
export type ClosedRow<Key, Fields> = {
  key: Key;
  validFrom: number;
  validTo: number;
  patch: Partial<Fields>;
};
/** What events mean for the rows of one table: each row is in it once. */
export type RowChanges<Key, Fields> = { closed: ClosedRow<Key, Fields>[]; inserted: NewRow<Fields>[] };

type OpenRow<Fields> = { fields: Fields; validFrom: number; stored: boolean };

/** The current rows of one table while events are folded: which of them end, and which are new. */
export class RowLedger<Key, Fields extends object> {
  private readonly open = new Map<Key, OpenRow<Fields>>();
  private readonly closed: ClosedRow<Key, Fields>[] = [];
  private readonly ended: NewRow<Fields>[] = [];

  constructor(stored: Iterable<[Key, { fields: Fields; validFrom: number }]>) {
    for (const [key, row] of stored) this.open.set(key, { ...row, stored: true });
  }

  get(key: Key): Fields | undefined {
    return this.open.get(key)?.fields;
  }

  /** The row is this from `seq` on; what it was ends there. */
  put(key: Key, fields: Fields, seq: number, patch: Partial<Fields> = {}): void {
    this.end(key, seq, patch);
    this.open.set(key, { fields, validFrom: seq, stored: false });
  }

  /** There is no row of this key from `seq` on. */
  end(key: Key, seq: number, patch: Partial<Fields> = {}): void {
    const row = this.open.get(key);
    if (!row) return;
    const { fields, validFrom, stored } = row;
    if (stored) this.closed.push({ key, validFrom, validTo: seq, patch });
    else this.ended.push({ fields: { ...fields, ...patch }, validFrom, validTo: seq });
    this.open.delete(key);
  }

  changes(): RowChanges<Key, Fields> {
    const standing = [...this.open.values()].filter(({ stored }) => !stored);
    const inserted = standing.map(({ fields, validFrom }) => ({ fields, validFrom, validTo: null }));
    return { closed: this.closed, inserted: [...this.ended, ...inserted] };
  }
}
