/** Time as a player needs it, so that a test can hold it still. */
export type TimeTravelClock = {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls once before the next picture is drawn; gives what cancels it. */
  frame(callback: () => void): () => void;
  /** Calls once after so many milliseconds; gives what cancels it. */
  after(ms: number, callback: () => void): () => void;
};

type Drawing = {
  requestAnimationFrame?: (callback: () => void) => number;
  cancelAnimationFrame?: (handle: number) => void;
};

const after: TimeTravelClock['after'] = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

const now = (): number => performance.now();

/** The clock of a page; where nothing is drawn, a frame is 16 ms. */
export function pageClock(): TimeTravelClock {
  const { requestAnimationFrame: draw, cancelAnimationFrame: cancel } = globalThis as Drawing;
  if (!draw || !cancel) return { now, frame: (callback) => after(16, callback), after };
  return {
    now,
    frame(callback) {
      const handle = draw(callback);
      return () => cancel(handle);
    },
    after,
  };
}
