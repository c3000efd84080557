import type { MessageState } from '#model';
import { searchedText, type SearchedMessage } from './searched-message.js';
import type { SearchChanges } from './search.fold.js';

type Entry = {
  row: SearchedMessage;
  /** The model's content that the row's text is of. */
  content: string;
  stored: SearchedMessage | null;
  removed: boolean;
};

/** Turns the successive states of messages into rows: while a message grows its row stays what it was at rest. */
export class SearchLedger {
  private readonly entries = new Map<string, Entry>();
  private readonly growing: Map<string, number>;

  constructor(stored: readonly SearchedMessage[], growing: Readonly<Record<string, number>>) {
    for (const row of stored)
      this.entries.set(row.id, { row, content: row.body, stored: row, removed: false });
    this.growing = new Map(Object.entries(growing));
  }

  /** After an event that ends no growth: `by` is how it grows. */
  grow(seq: number, message: MessageState, by: 'answer' | 'chunks'): void {
    const entry = this.entries.get(message.id);
    if (!entry || entry.row.inFlight === by) return;
    entry.row = { ...entry.row, status: message.streamingStatus, inFlight: by };
    if (by === 'chunks') this.growing.set(message.id, seq - 1);
  }

  /** After any other event. */
  rest(message: MessageState, inFlight: 'answer' | null): void {
    const { id, role, content, seq, createdAt, removed, streamingStatus: status } = message;
    const known = this.entries.get(id);
    const text =
      known && known.content === content
        ? { body: known.row.body, words: known.row.words, letters: known.row.letters }
        : searchedText(message);
    const row = { id, role, status, inFlight, seq, createdAt, ...text };
    this.entries.set(id, { row, content, stored: known?.stored ?? null, removed });
    this.growing.delete(id);
  }

  /** Messages that grow by chunks, and the seq that their rows are as of. */
  stillGrowing(): Record<string, number> {
    return Object.fromEntries([...this.growing].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  changes(): Pick<SearchChanges, 'inserted' | 'rewritten' | 'followed' | 'removed'> {
    const changes = {
      inserted: [] as SearchedMessage[],
      rewritten: [] as SearchedMessage[],
      followed: [] as SearchedMessage[],
      removed: [] as string[],
    };
    for (const { row, stored, removed } of this.entries.values()) {
      if (!stored && !removed) changes.inserted.push(row);
      else if (stored && removed) changes.removed.push(row.id);
      else if (stored && row.body !== stored.body) changes.rewritten.push(row);
      else if (stored && (row.status !== stored.status || row.inFlight !== stored.inFlight))
        changes.followed.push(row);
    }
    return changes;
  }
}
