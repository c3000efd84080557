/** Speeds that one may play at, in multiples of the recorded one. */
export const speeds = [0.5, 1, 2, 5, 10, 20] as const;
export type Speed = (typeof speeds)[number];

/** A longer pause is played as one of this many milliseconds: nobody waits for what happened the next morning. */
export const LONGEST_PAUSE_MS = 1_000;

/** Where playing is: right after the event `seq`, and how much of the pause after it has been played. */
export type PlayHead = { seq: number; playedMs: number };

/** `waiting`: the time of the next event is not loaded. `ended`: there is no next one. */
export type Advanced = { head: PlayHead; state: 'playing' | 'waiting' | 'ended' };

/** The recorded times, in milliseconds; undefined where they are not loaded. */
export type Recording = { last: number; timeOf(seq: number): number | undefined };

/**
 * Plays `elapsedMs` of the recording on. However the time is cut into steps, the same time leads to the same event. At the end
 * and while it waits, time that is left over is not owed: playing goes on where it stopped.
 */
export function advance(from: PlayHead, elapsedMs: number, { last, timeOf }: Recording): Advanced {
  let { seq, playedMs } = from;
  let left = elapsedMs;
  for (;;) {
    if (seq >= last) return { head: { seq: last, playedMs: 0 }, state: 'ended' };
    const pause = pauseBetween(seq === 0 ? timeOf(1) : timeOf(seq), timeOf(seq + 1));
    if (pause === undefined) return { head: { seq, playedMs }, state: 'waiting' };
    if (playedMs + left < pause) return { head: { seq, playedMs: playedMs + left }, state: 'playing' };
    left -= pause - playedMs;
    seq += 1;
    playedMs = 0;
    if (left <= 0) return { head: { seq, playedMs }, state: seq >= last ? 'ended' : 'playing' };
  }
}

function pauseBetween(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  return Math.min(Math.max(0, after - before), LONGEST_PAUSE_MS);
}
