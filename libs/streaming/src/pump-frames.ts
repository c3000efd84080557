import type { Writable } from 'node:stream';
import { encodeFrame } from './encode-frame.js';
import type { Frame } from './frame.js';

/** How much a client may be behind, in bytes and in milliseconds. */
export type PumpOptions = {
  /** Unsent bytes at which the pump waits for the client. */
  bufferBytes: number;
  /** How long a client with a full buffer may take to read it. */
  stallMs: number;
};

/** `ended`: the frames ended; `too_slow`: the client did not read in time and was cut; `gone`: it went away. */
export type PumpOutcome = 'ended' | 'too_slow' | 'gone';

/** `pumpText` of the frames of a log stream. @throws what the frames throw, after destroying the writable */
export function pumpFrames(
  frames: AsyncIterable<Frame>,
  client: Writable,
  options: PumpOptions,
): Promise<PumpOutcome> {
  return pumpText(frames, encodeFrame, client, options);
}

/**
 * Writes frames to a client until they end, it goes away, or it proves too slow. Never drops a frame, and never holds
 * more than `bufferBytes` and one frame for it: while it does not read, no frame is pulled; after `stallMs` of that it
 * is cut, and resumes by its cursor. The writable is ended or destroyed at return.
 * @throws what the frames throw, after destroying the writable
 */
export async function pumpText<T>(
  frames: AsyncIterable<T>,
  encode: (frame: T) => string | Uint8Array,
  client: Writable,
  options: PumpOptions,
): Promise<PumpOutcome> {
  let uncorking = false;
  try {
    for await (const frame of frames) {
      if (client.destroyed) return 'gone';
      // Frames of one page leave as one packet: they follow each other before the event loop turns.
      if (!uncorking) {
        uncorking = true;
        client.cork();
        setImmediate(() => {
          uncorking = false;
          client.uncork();
        });
      }
      client.write(encode(frame));
      if (client.writableLength >= options.bufferBytes && !(await emptied(client, options.stallMs))) {
        const outcome = client.destroyed ? 'gone' : 'too_slow';
        client.destroy();
        return outcome;
      }
    }
  } catch (error) {
    client.destroy();
    throw error;
  }
  client.end();
  return 'ended';
}

/** False when it did not happen in time, or can no longer happen. */
function emptied(client: Writable, withinMs: number): Promise<boolean> {
  if (!client.writableNeedDrain) return Promise.resolve(!client.destroyed);
  return new Promise((resolve) => {
    const finish = (drained: boolean) => (): void => {
      clearTimeout(timer);
      client.off('drain', yes).off('close', no);
      resolve(drained);
    };
    const yes = finish(true);
    const no = finish(false);
    const timer = setTimeout(no, withinMs);
    client.on('drain', yes).on('close', no);
  });
}
