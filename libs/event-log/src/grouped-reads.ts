import type { RecordedEvent } from './types.js';

/** Up to `limit` events of a stream after a seq. */
export type NextRead = { streamId: string; after: number; limit: number };

type Waiting = NextRead & {
  resolve: (events: RecordedEvent[]) => void;
  reject: (error: unknown) => void;
};

/** One statement looks at so many streams at most. */
const MOST = 200;

/**
 * Reads what many readers of growing streams ask for, together: one statement is under way at a time, and what is asked
 * meanwhile goes in the next one, so that a thousand readers cost no more statements than one. The same question is asked
 * once, and those who asked share its events.
 */
export class GroupedReads {
  private readonly waiting = new Map<string, { asked: Waiting; answer: Promise<RecordedEvent[]> }>();
  private reading = false;

  constructor(private readonly readMany: (reads: readonly NextRead[]) => Promise<RecordedEvent[][]>) {}

  /** @throws what the statement throws, to each who waits for it */
  read(next: NextRead): Promise<RecordedEvent[]> {
    const key = `${next.streamId} ${next.after} ${next.limit}`;
    const known = this.waiting.get(key);
    if (known) return known.answer;
    let asked!: Waiting;
    const answer = new Promise<RecordedEvent[]>((resolve, reject) => (asked = { ...next, resolve, reject }));
    this.waiting.set(key, { asked, answer });
    if (!this.reading) void this.run();
    return answer;
  }

  private async run(): Promise<void> {
    this.reading = true;
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, MOST);
      for (const [key] of batch) this.waiting.delete(key);
      await this.answerAll(batch.map(([, { asked }]) => asked));
    }
    this.reading = false;
  }

  private async answerAll(batch: Waiting[]): Promise<void> {
    try {
      const answers = await this.readMany(batch);
      batch.forEach(({ resolve }, n) => resolve(answers[n] ?? []));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
