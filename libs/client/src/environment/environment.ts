/** What of `localStorage` is used. */
export type KeyValueStorage = {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
};

/** What of `navigator.locks` is used: the lock is held until the promise that the callback gives is settled. */
export type TabLocks = {
  request(
    name: string,
    options: { signal?: AbortSignal; ifAvailable?: boolean; steal?: boolean },
    whileHeld: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
};

/** What of `BroadcastChannel` is used: what is posted reaches all others of the name, and not itself. */
export type TabChannel = {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
};

/** Everything that a client takes from the place where it runs. Each may be replaced, by a test for example. */
export type Environment = {
  fetch: typeof fetch;
  /** Null: nothing is remembered beyond this page. */
  storage: KeyValueStorage | null;
  /** Null: every tab reads streams of its own. */
  locks: TabLocks | null;
  openChannel: ((name: string) => TabChannel) | null;
  isOnline: () => boolean;
  isVisible: () => boolean;
  /** Calls when the page becomes visible or hidden, or the network comes or goes; gives what ends that. */
  onWake: (listener: () => void) => () => void;
  /** Runs once before the next frame is painted; in a hidden page, where no frame is, soon. */
  nextFrame: (run: () => void) => void;
  /** [0, 1) */
  random: () => number;
};
