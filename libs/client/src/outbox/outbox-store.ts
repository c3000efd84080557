import type { BoundedStorage, StorageKind } from '../storage/bounded-storage.js';
import type { OutboxEntry } from './outbox-entry.js';

/** A prompt that was sent is never dropped for want of room: others go. */
const kind: StorageKind = { name: 'outbox', most: 200, mayGo: false };

function isEntry(value: unknown): value is OutboxEntry {
  const { key, turn } = (value ?? {}) as Partial<OutboxEntry>;
  return typeof key === 'string' && typeof turn?.prompt === 'string';
}

/** What outlives the page. Each entry stands by itself, so that tabs do not overwrite each other's. */
export class OutboxStore {
  constructor(private readonly storage: BoundedStorage) {}

  /** Oldest first. What was being sent when the page went waits again: its key makes that harmless. */
  load(): OutboxEntry[] {
    const entries = this.storage.ids(kind).map((id) => this.storage.get(kind, id));
    return entries
      .filter(isEntry)
      .map((entry) => (entry.status === 'sending' ? { ...entry, status: 'waiting' as const } : entry))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  has(key: string): boolean {
    return this.storage.get(kind, key) !== null;
  }

  save(entry: OutboxEntry): void {
    this.storage.set(kind, entry.key, entry);
  }

  delete(key: string): void {
    this.storage.delete(kind, key);
  }
}
