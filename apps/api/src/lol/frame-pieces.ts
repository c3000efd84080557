import { encodeLolFrame, type LolFrame } from './lol-frame.js';

/** A reader is given its time by the piece, not by the frame: a frame may hold a whole project. */
export const PIECE_BYTES = 256 * 1024;

/** Whether a frame has begun and not ended: nothing may come in between. */
export type Writing = { midFrame: boolean };

/** The frames as bytes, in pieces. `writing` says what was true right after the piece that was given last. */
export async function* inPieces(
  frames: AsyncIterable<LolFrame>,
  writing: Writing,
): AsyncGenerator<Uint8Array> {
  for await (const frame of frames) {
    const bytes = Buffer.from(encodeLolFrame(frame));
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      writing.midFrame = at + PIECE_BYTES < bytes.length;
      yield bytes.subarray(at, at + PIECE_BYTES);
    }
  }
}
