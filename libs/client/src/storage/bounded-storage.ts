import type { KeyValueStorage } from '../environment/environment.js';

/** All that this client may keep in a browser. */
export const MOST_BYTES = 2 * 1024 * 1024;
/** A browser keeps strings as UTF-16. */
const BYTES_A_UNIT = 2;

/** What is kept of one kind: how many at most, and whether the oldest goes where room is needed. */
export type StorageKind = { name: string; most: number; mayGo: boolean };

type Stored = { key: string; usedAt: number; bytes: number };

/**
 * A part of `localStorage` that never holds more than its bounds: least recently used out. What cannot be kept, because the
 * browser has no room or forbids it, is not kept, and nothing else happens.
 */
export class BoundedStorage {
  constructor(
    private readonly storage: KeyValueStorage | null,
    private readonly namespace: string,
    private readonly now: () => number = Date.now,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** Null where nothing is kept, or nothing that can be read. */
  get(kind: StorageKind, id: string): unknown {
    try {
      const text = this.storage?.getItem(this.keyOf(kind, id)) ?? '';
      return JSON.parse(text.slice(text.indexOf(' ') + 1));
    } catch {
      // nothing, or what another version wrote: as good as absent
      return null;
    }
  }

  /** False where it could not be kept. */
  set(kind: StorageKind, id: string, value: unknown): boolean {
    if (!this.storage) return false;
    const key = this.keyOf(kind, id);
    // when it was used stands before it, so that finding the oldest parses nothing
    const text = `${this.now()} ${JSON.stringify(value)}`;
    const bytes = (key.length + text.length) * BYTES_A_UNIT;
    if (!this.makeRoom(kind, key, bytes)) return false;
    for (;;) {
      try {
        this.storage.setItem(key, text);
        return true;
      } catch {
        // the browser has less room than we allow ourselves: others of its origin use it too
        if (!this.dropOldest(key)) return false;
      }
    }
  }

  delete(kind: StorageKind, id: string): void {
    this.storage?.removeItem(this.keyOf(kind, id));
  }

  /** The ids that are kept of a kind, most recently used last. */
  ids(kind: StorageKind): string[] {
    const prefix = this.keyOf(kind, '');
    const found = this.stored().filter(({ key }) => key.startsWith(prefix));
    return found.map(({ key }) => key.slice(prefix.length));
  }

  private makeRoom(kind: StorageKind, key: string, bytes: number): boolean {
    if (bytes > this.mostBytes) return false;
    // looked through once: a draft is kept at each key that is pressed
    const others = this.stored().filter((stored) => stored.key !== key);
    const ofKind = others.filter((stored) => stored.key.startsWith(this.keyOf(kind, '')));
    const dropped = new Set(ofKind.slice(0, Math.max(0, ofKind.length - kind.most + 1)));
    let total = others.reduce((sum, stored) => sum + (dropped.has(stored) ? 0 : stored.bytes), bytes);
    for (const stored of others) {
      if (total <= this.mostBytes) break;
      if (dropped.has(stored) || !this.mayGo(stored.key)) continue;
      dropped.add(stored);
      total -= stored.bytes;
    }
    for (const stored of dropped) this.storage?.removeItem(stored.key);
    return total <= this.mostBytes;
  }

  /** Of what may go. False where there is none. */
  private dropOldest(except: string): boolean {
    const oldest = this.stored().find(({ key }) => key !== except && this.mayGo(key));
    if (oldest) this.storage?.removeItem(oldest.key);
    return oldest !== undefined;
  }

  private mayGo(key: string): boolean {
    return key.slice(this.namespace.length + 1).startsWith('*');
  }

  /** What is ours, least recently used first. */
  private stored(): Stored[] {
    const { storage } = this;
    if (!storage) return [];
    const found: Stored[] = [];
    for (let index = 0; index < storage.length; index += 1) {
      const key = storage.key(index);
      if (!key?.startsWith(`${this.namespace}:`)) continue;
      const text = storage.getItem(key) ?? '';
      const usedAt = Number.parseInt(text, 10) || 0;
      found.push({ key, usedAt, bytes: (key.length + text.length) * BYTES_A_UNIT });
    }
    return found.toSorted((a, b) => a.usedAt - b.usedAt);
  }

  /** The star marks what may go. */
  private keyOf({ name, mayGo }: StorageKind, id: string): string {
    return `${this.namespace}:${mayGo ? '*' : ''}${name}:${id}`;
  }
}
