import type { OutboxEntry } from '#client';

/** What was sent and is not in the log yet, oldest first. It outlives the page. */
export type UseOutboxResult = {
  entries: readonly OutboxEntry[];
  /** Sends a refused one again, as new. */
  retry: (key: string) => void;
  /** Forgets a refused or waiting one; gives its text back. */
  discard: (key: string) => string | null;
};
