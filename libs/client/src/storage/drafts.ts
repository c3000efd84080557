import type { BoundedStorage, StorageKind } from './bounded-storage.js';

/** A draft is a person's words: it goes only for newer drafts. */
const kind: StorageKind = { name: 'draft', most: 50, mayGo: false };

/** What was begun to be written, by place: a conversation's id, or whatever a page calls its composer. */
export class Drafts {
  constructor(private readonly storage: BoundedStorage) {}

  get(place: string): string {
    const draft = this.storage.get(kind, place);
    return typeof draft === 'string' ? draft : '';
  }

  set(place: string, text: string): void {
    if (text === '') this.storage.delete(kind, place);
    else this.storage.set(kind, place, text);
  }
}
