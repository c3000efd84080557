import { encodeFrame } from './encode-frame.js';
import type { Frame, StreamEvent } from './frame.js';

const event = (fields: Partial<StreamEvent>): Frame => {
  const whole: StreamEvent = {
    seq: 7,
    type: 'TurnStarted',
    at: '2026-11-01T00:00:00.000Z',
    data: {},
    metadata: {},
    ...fields,
  };
  return { kind: 'event', event: whole, json: JSON.stringify(whole), schemaVersion: 1 };
};

/** As the EventSource standard has it: any of CRLF, CR, LF ends a line, an empty line a frame. */
function parse(text: string): Record<string, string>[] {
  const frames = text.split(/\r\n|\r|\n/).reduce<Record<string, string>[]>(
    (seen, line) => {
      const [, field, value] = /^([^:]+): ?(.*)$/s.exec(line) ?? [];
      if (line === '') seen.push({});
      else if (field) seen.at(-1)![field] = value!;
      return seen;
    },
    [{}],
  );
  return frames.filter((frame) => Object.keys(frame).length > 0);
}

test('an event carries its seq as id, its type as event, and itself as data', () => {
  const frame = event({ data: { text: 'a\r\nb\nc\rd\u2028e\0f\ud800' } });
  const [seen] = parse(encodeFrame(frame));
  expect(seen).toMatchObject({ id: '7', event: 'TurnStarted' });
  expect(JSON.parse(seen!.data!)).toEqual((frame as Extract<Frame, { kind: 'event' }>).event);
});

test('a type with line breaks cannot forge a frame', () => {
  const seen = parse(encodeFrame(event({ type: 'X\n\nevent: reset\ndata: {}\r\rid: 99' })));
  expect(seen).toHaveLength(1);
  expect(seen[0]!.id).toBe('7');
});

test.each<[Frame, string]>([
  [
    { kind: 'stream_open', from: 3, head: 9, epoch: 'e' },
    'event: stream_open\ndata: {"from":3,"head":9,"epoch":"e"}\n\n',
  ],
  [{ kind: 'caught_up', seq: 9 }, 'event: caught_up\ndata: {"seq":9}\n\n'],
  [{ kind: 'reset', head: 9, epoch: 'e' }, 'event: reset\ndata: {"head":9,"epoch":"e"}\n\n'],
  [{ kind: 'closing', retryMs: 500 }, 'retry: 500\nevent: closing\ndata: {"retryMs":500}\n\n'],
  [{ kind: 'ping' }, ': ping\n\n'],
])('%j has no id', (frame, bytes) => {
  expect(encodeFrame(frame)).toBe(bytes);
});
