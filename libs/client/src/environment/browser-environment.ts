import type { Environment, KeyValueStorage, TabChannel, TabLocks } from './environment.js';

type Target = {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
};

/** What a browser has, a worker has in part, and Node has not. */
type Globals = Target & {
  localStorage?: KeyValueStorage;
  navigator?: { locks?: TabLocks; onLine?: boolean };
  document?: Target & { visibilityState?: string };
  BroadcastChannel?: new (name: string) => TabChannel;
  requestAnimationFrame?: (run: () => void) => number;
};

/** About a frame, for pages that paint none. */
const FRAME_MS = 16;

/** Reading the property alone throws where storage is forbidden. */
function storageOf(globals: Globals): KeyValueStorage | null {
  try {
    return globals.localStorage ?? null;
  } catch {
    // a page without storage remembers nothing, and works
    return null;
  }
}

/** This browser, or Node: what is not there is done without. */
export function browserEnvironment(globals: Globals = globalThis as unknown as Globals): Environment {
  const { document, navigator, BroadcastChannel } = globals;
  // Node has channels too, but they keep its process alive, and there are no tabs to share with
  const openChannel = document && BroadcastChannel ? (name: string) => new BroadcastChannel(name) : null;
  const isVisible = (): boolean => document?.visibilityState !== 'hidden';
  return {
    fetch: (...request) => fetch(...request),
    storage: document ? storageOf(globals) : null,
    locks: (document && navigator?.locks) ?? null,
    openChannel,
    isOnline: () => navigator?.onLine !== false,
    isVisible,
    onWake(listener) {
      const targets: [Target | undefined, string][] = [
        [document, 'visibilitychange'],
        [globals, 'online'],
        [globals, 'offline'],
        // a page that comes out of the back-forward cache has lost its connections
        [globals, 'pageshow'],
      ];
      for (const [target, type] of targets) target?.addEventListener?.(type, listener);
      return () => {
        for (const [target, type] of targets) target?.removeEventListener?.(type, listener);
      };
    },
    nextFrame(run) {
      if (isVisible() && globals.requestAnimationFrame) globals.requestAnimationFrame(run);
      else setTimeout(run, FRAME_MS);
    },
    random: () => Math.random(),
  };
}
