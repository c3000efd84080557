import { terminalEventTypes } from '#model';
import type { Frame } from '#streaming';

const terminal = new Set<string>(terminalEventTypes);

function endsTurn(frame: Frame, turnId: string): boolean {
  if (frame.kind !== 'event' || !terminal.has(frame.event.type)) return false;
  const { data } = frame.event;
  return data !== null && typeof data === 'object' && 'turnId' in data && data.turnId === turnId;
}

/** The frames up to and including the turn's terminal event. */
export async function* untilTurnEnds(frames: AsyncIterable<Frame>, turnId: string): AsyncGenerator<Frame> {
  for await (const frame of frames) {
    yield frame;
    if (endsTurn(frame, turnId)) return;
  }
}
