import type { Frame } from './frame.js';

/**
 * The frame as bytes of `text/event-stream`: whole lines, ended by an empty one.
 * No field carries CR or LF, so nothing in the log can forge a frame: JSON escapes them, and a type loses them.
 */
export function encodeFrame(frame: Frame): string {
  switch (frame.kind) {
    case 'event':
      return `id: ${frame.event.seq}\nevent: ${oneLine(frame.event.type)}\ndata: ${frame.json}\n\n`;
    case 'stream_open':
      return named('stream_open', { from: frame.from, head: frame.head, epoch: frame.epoch });
    case 'caught_up':
      return named('caught_up', { seq: frame.seq });
    case 'reset':
      return named('reset', { head: frame.head, epoch: frame.epoch });
    case 'closing':
      return `retry: ${frame.retryMs}\n${named('closing', { retryMs: frame.retryMs })}`;
    case 'ping':
      return ': ping\n\n';
    default:
      return frame satisfies never;
  }
}

function named(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}
