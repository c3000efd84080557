import { answers, type RawEvent } from '../../../test/samples/answers.js';
import { createPrng } from '../../../test/support/prng.js';
import { applyDelta, assistantFold, foldMessage, type AssistantFold } from './assistant-fold.js';

// What the SDK's own accumulator is silent about: see assistant-fold.oracle.spec.ts for what it makes.

const fold = (events: readonly unknown[], from = assistantFold.start()): AssistantFold =>
  events.reduce(applyDelta, from);
const sample = answers['two tool calls in one answer']!;
const names = Object.keys(answers);

const call = (index: number, json: string): RawEvent[] => [
  {
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: `t${index}`, name: 'n', input: {} },
  },
  { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } },
  { type: 'content_block_stop', index },
];

it.each(names)('is not complete when an error event comes midway: %s', (name) => {
  const events = answers[name]!;
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  for (let at = 0; at < events.length; at += 1) {
    const before = fold(events.slice(0, at));
    const after = fold([error, ...events.slice(at)], before);
    expect(after.error).toBe('overloaded_error: Overloaded');
    expect(after.stopped).toBe(before.stopped);
    expect(foldMessage(after)).toEqual(foldMessage(before));
  }
});

it.each(names)('is not complete when it is cut off, at any event: %s', (name) => {
  const events = answers[name]!.slice(0, -1);
  for (let length = 0; length <= events.length; length += 1) {
    expect(fold(events.slice(0, length))).toMatchObject({ stopped: false, error: null });
  }
});

it.each([1, 5, sample.length])(
  'refuses a second message_start after %d events, and keeps what came',
  (at) => {
    const before = fold(sample.slice(0, at));
    const after = fold(sample, before);
    expect(after).toEqual({ ...before, error: 'unexpected second message_start' });
  },
);

it.each<[string, RawEvent[], string]>([
  [
    'a block before message_start',
    sample.slice(1, 2).concat(sample.slice(3)),
    'content_block_start before message_start',
  ],
  ['message_start without a message', [{ type: 'message_start' }], 'message_start without a message'],
  [
    'a message whose content is no list',
    [{ type: 'message_start', message: { content: 'x' } }],
    'message_start without a message',
  ],
  [
    'content without types',
    [{ type: 'message_start', message: { content: [1] } }],
    'message_start without a message',
  ],
  [
    'content_block_start without a block',
    [sample[0]!, { type: 'content_block_start', index: 0 }],
    'content_block_start without a block',
  ],
  [
    'a delta for a block that has not begun',
    [sample[0]!, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lost' } }],
    'content_block_delta for a block that has not begun',
  ],
  [
    'a stop of a block that has not begun',
    [sample[0]!, { type: 'content_block_stop', index: -1 }],
    'content_block_stop for a block that has not begun',
  ],
  [
    'message_delta without usage',
    [sample[0]!, { type: 'message_delta', delta: {} }],
    'message_delta without delta or usage',
  ],
  ['an error without a reason', [{ type: 'error' }], 'error event'],
])('refuses %s', (_, events, error) => {
  expect(fold(events).error).toBe(error);
});

it('marks the calls whose input is no JSON, and no others', () => {
  const folded = fold([
    sample[0]!,
    ...call(0, '{"a":1}'),
    ...call(1, '{"a":1,"b":"cut o'),
    ...call(2, '{a}'),
    ...call(3, ''),
    ...call(4, ' '),
  ]);
  expect(folded.invalidInputs).toEqual([1, 2]);
  expect(foldMessage(folded)!.content.map(({ input }) => input)).toEqual([{ a: 1 }, { a: 1 }, {}, {}, {}]);
  expect(folded.error).toBeNull();
});

it('parses tool input once, when its block stops', () => {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    const start = sample.slice(0, 2);
    const open = {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 't', name: 'n', input: {} },
    };
    const parts = ['{"text":"', ...Array.from({ length: 1000 }, () => 'x'), '"', '}'];
    const deltas = parts.map((part) => ({
      type: 'content_block_delta',
      index: 1,
      delta: { type: 'input_json_delta', partial_json: part },
    }));
    const folded = fold([start[0], { ...open, index: 0 }, open, ...deltas]);
    expect(parse).toHaveBeenCalledTimes(0);
    fold([{ type: 'content_block_stop', index: 1 }], folded);
    expect(parse).toHaveBeenCalledTimes(1);
  } finally {
    parse.mockRestore();
  }
});

it('never changes a fold or an event that it was given', () => {
  for (const events of Object.values(answers)) {
    const given = JSON.stringify(events);
    let folded = assistantFold.start();
    for (const event of events) {
      const before = JSON.stringify(folded);
      const next = applyDelta(folded, event);
      expect(JSON.stringify(folded)).toBe(before);
      folded = next;
    }
    expect(JSON.stringify(events)).toBe(given);
  }
});

it('goes on from JSON as from itself', () => {
  for (const events of Object.values(answers)) {
    const cut = Math.floor(events.length / 2);
    const kept = JSON.parse(JSON.stringify(fold(events.slice(0, cut)))) as AssistantFold;
    expect(fold(events.slice(cut), kept)).toEqual(fold(events));
  }
});

it('never throws, whatever comes', () => {
  const prng = createPrng('garbage deltas');
  const events = Object.values(answers).flat();
  const values = [
    null,
    undefined,
    0,
    -1,
    1.5,
    '',
    'x',
    [],
    {},
    { type: 'text' },
    { type: 'text_delta' },
    '__proto__',
    true,
  ];
  const spoil = (event: RawEvent): unknown => {
    if (prng.next() < 0.1) return prng.pick(values);
    const copy = structuredClone(event) as Record<string, unknown>;
    const key = prng.pick(Object.keys(copy));
    const inner = copy[key];
    if (inner !== null && typeof inner === 'object' && prng.next() < 0.7) {
      (inner as Record<string, unknown>)[prng.pick([...Object.keys(inner), 'type'])] = prng.pick(values);
    } else copy[key] = prng.pick(values);
    return copy;
  };
  for (let round = 0; round < 500; round += 1) {
    const folded = fold([events[0], ...Array.from({ length: 12 }, () => spoil(prng.pick(events)))]);
    expect(() => foldMessage(folded)).not.toThrow();
  }
});
