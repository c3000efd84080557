import type { Message, ProjectAt } from '#contracts';

/** The conversation at the moment that the slider shows, in place of what it is. */
export type PastView = {
  messages: readonly Message[];
  hasEarlier: boolean;
  isLoadingEarlier: boolean;
  loadEarlier: () => Promise<void>;
  /** Why the moment, or what stands before it, could not be loaded. */
  error: Error | null;
  project?: ProjectAt;
};

/** What the chat needs of the slider: null while it shows now. */
export type TimeTravelPort = { past: PastView | null; goTo: (seq: number | null) => void };
