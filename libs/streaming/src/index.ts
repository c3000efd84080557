export type { Frame, StreamEvent } from './frame.js';
export { encodeFrame } from './encode-frame.js';
export { resumeCursor, type RawValue } from './cursor.js';
export { CursorInvalid, StreamAhead, StreamGap, StreamNotFound } from './errors.js';
export { pumpFrames, pumpText, type PumpOptions, type PumpOutcome } from './pump-frames.js';
export { Signals } from './signals.js';
export { StreamReader, type FollowOptions } from './stream-reader.js';
export { StreamingModule } from './streaming.module.js';
