import { encodeFrame, StreamReader, type FollowOptions, type Frame } from '#streaming';
import type { ServiceProcess } from './service-process.js';

/** Frames of a stream as they come, until `enough` says so of the newest; then the following is ended. */
export async function framesUntil(
  { app }: ServiceProcess,
  streamId: string,
  options: FollowOptions,
  enough: (frame: Frame, all: Frame[]) => boolean,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of await app.get(StreamReader).open(streamId, options)) {
    frames.push(frame);
    if (enough(frame, frames)) break;
  }
  return frames;
}

/** Reads on to the event at `seq`. */
export const untilSeq =
  (seq: number) =>
  (frame: Frame): boolean =>
    frame.kind === 'event' && frame.event.seq >= seq;

/** The bytes of the events among the frames. */
export function eventBytes(frames: Frame[]): string {
  return frames
    .filter(({ kind }) => kind === 'event')
    .map(encodeFrame)
    .join('');
}

export function seqsOf(frames: Frame[]): number[] {
  return frames.flatMap((frame) => (frame.kind === 'event' ? [frame.event.seq] : []));
}
