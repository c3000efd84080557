/** Milliseconds between attempts. After the last one the part has failed: a server that was replaced may not have it any more. */
const WAITS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];

type Network = {
  isOnline: () => boolean;
  /** Calls once the network is back; gives what ends that. */
  onOnline: (listener: () => void) => () => void;
};

const browserNetwork: Network = {
  isOnline: () => navigator.onLine,
  onOnline: (listener) => {
    addEventListener('online', listener);
    return () => removeEventListener('online', listener);
  },
};

/**
 * Loads a part of the app. A network or a server that is away delays it: it is asked for again, and a browser that is offline
 * waits for as long as it is.
 */
export async function loadPart<Part>(
  load: () => Promise<Part>,
  network: Network = browserNetwork,
): Promise<Part> {
  for (let attempt = 0; ;) {
    try {
      return await load();
    } catch (error) {
      const wait = WAITS_MS[attempt];
      if (wait === undefined) throw error;
      if (network.isOnline()) attempt += 1;
      await pause(wait, network);
    }
  }
}

function pause(ms: number, { onOnline }: Network): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const stopListening = onOnline(end);
  });
}
