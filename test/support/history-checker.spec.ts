import {
  checkHistory,
  checkUnits,
  expectSoundHistory,
  type History,
  type SeenEvent,
} from './history-checker.js';

const TURN = 'turn-1';
const log: SeenEvent[] = [
  { seq: 1, type: 'ConversationStarted', data: {}, at: '2026-01-01T00:00:00.000Z', eventId: 'e1' },
  { seq: 2, type: 'TurnRequested', data: { turnId: TURN }, at: '2026-01-01T00:00:00.001Z', eventId: 'e2' },
  {
    seq: 3,
    type: 'StreamDeltaReceived',
    data: { delta: 'a' },
    at: '2026-01-01T00:00:00.001Z',
    eventId: 'e3',
  },
  { seq: 4, type: 'TurnCompleted', data: { turnId: TURN }, at: '2026-01-01T00:00:00.002Z', eventId: 'e4' },
];

const sound: History = {
  streamId: 's',
  log,
  acked: [
    { seq: 1, eventId: 'e1' },
    { seq: 4, eventId: 'e4' },
  ],
  reads: [
    { client: 'tab 1', after: 0, events: log },
    { client: 'tab 2', after: 2, events: log.slice(2, 3) },
  ],
  positions: [{ client: 'tab 1', seqs: [0, 2, 2, 4] }],
  projections: [{ name: 'messages', seq: 4, rows: [{ a: 1 }], folded: [{ a: 1 }] }],
};

const without = (seq: number) => log.filter((event) => event.seq !== seq);
const swapped = [log[0], log[2], log[1], log[3]] as SeenEvent[];
const changed = log.map((event) => (event.seq === 3 ? { ...event, data: { delta: 'b' } } : event));
const again = (seq: number, event: Partial<SeenEvent>): SeenEvent[] => [
  ...log,
  { seq, type: 'X', data: {}, ...event },
];

/** The negative control: each of these is broken in one way, which the checker must find. */
const planted: [string, string, History][] = [
  [
    'an acknowledged event that is lost at the end',
    'acked',
    { ...sound, log: without(4), reads: [], settled: false },
  ],
  [
    'an acknowledged event whose place another one has',
    'acked',
    { ...sound, acked: [{ seq: 3, eventId: 'mine' }] },
  ],
  [
    'an acknowledged event with other bytes',
    'acked',
    {
      ...sound,
      log: log.map((event) => ({ ...event, bytes: '{}' })),
      acked: [{ seq: 3, eventId: 'e3', bytes: '{ }' }],
    },
  ],
  ['a gap in the log', 'gapless', { ...sound, log: without(3), acked: [], reads: [] }],
  ['a seq that stands twice', 'gapless', { ...sound, log: again(4, {}), reads: [] }],
  ['events out of order', 'gapless', { ...sound, log: swapped }],
  ['a log that begins at 2', 'gapless', { ...sound, log: without(1), acked: [], reads: [] }],
  ['a time that falls', 'gapless', { ...sound, log: again(5, { at: '2025-01-01T00:00:00.000Z' }) }],
  ['a read that skips one', 'prefix', { ...sound, reads: [{ client: 'c', after: 0, events: without(2) }] }],
  [
    'a read that repeats one',
    'prefix',
    { ...sound, reads: [{ client: 'c', after: 0, events: [log[0], ...log] as SeenEvent[] }] },
  ],
  [
    'a read with other bytes than the log',
    'prefix',
    { ...sound, reads: [{ client: 'c', after: 0, events: changed }] },
  ],
  [
    'a read of what was never committed',
    'prefix',
    { ...sound, reads: [{ client: 'c', after: 4, events: [{ seq: 5, type: 'X', data: {} }] }] },
  ],
  [
    'a resume that begins too late',
    'prefix',
    { ...sound, reads: [{ client: 'c', after: 1, events: log.slice(2) }] },
  ],
  ['a client that goes back in time', 'monotonic', { ...sound, positions: [{ client: 'c', seqs: [3, 2] }] }],
  [
    'a read model that is not the fold',
    'projection',
    { ...sound, projections: [{ name: 'm', seq: 4, rows: [], folded: [1] }] },
  ],
  [
    'a turn that ends twice',
    'one-terminal-event',
    { ...sound, log: again(5, { type: 'TurnInterrupted', data: { turnId: TURN } }) },
  ],
  ['a turn that never ends', 'one-terminal-event', { ...sound, log: log.slice(0, 3), acked: [], reads: [] }],
  [
    'an end without a turn',
    'one-terminal-event',
    { ...sound, log: again(5, { type: 'TurnFailed', data: { turnId: 'other' } }) },
  ],
  [
    'two turns open at once',
    'one-terminal-event',
    {
      ...sound,
      log: [...log.slice(0, 3), { seq: 4, type: 'TurnRequested', data: { turnId: 'b' } }],
      acked: [],
      reads: [],
      settled: false,
    },
  ],
];

describe('checkHistory', () => {
  it('finds nothing in a sound history', () => {
    expect(checkHistory(sound)).toEqual([]);
    expect(() => expectSoundHistory(sound)).not.toThrow();
  });

  it.each(planted)('finds %s', (_, rule, history) => {
    expect(checkHistory(history).map((violation) => violation.rule)).toContain(rule);
    expect(() => expectSoundHistory(history)).toThrow(`[${rule}] stream s: `);
  });

  it('finds nothing else in a history that is broken in one way', () => {
    const rules = planted.map(
      ([name, rule, history]) => [name, rule, new Set(checkHistory(history).map((v) => v.rule))] as const,
    );
    for (const [name, rule, found] of rules) expect([name, ...found]).toEqual([name, rule]);
  });

  it('lets a turn be open where the run was not quiet yet', () => {
    expect(checkHistory({ ...sound, log: log.slice(0, 3), acked: [], reads: [], settled: false })).toEqual(
      [],
    );
  });
});

describe('checkUnits', () => {
  const whole = [
    { unit: 'a', of: 2 },
    { unit: 'b', of: 1 },
    { unit: 'a', of: 2 },
  ];

  it('finds nothing where each unit is whole, in whatever order', () => {
    expect(checkUnits(whole)).toEqual([]);
  });

  it('finds a unit of which a part is missing, or stands twice', () => {
    const details = [whole.slice(1), [...whole, { unit: 'b', of: 1 }]].map(checkUnits);
    expect(details.flat().map(({ rule, detail }) => `${rule}: ${detail}`)).toEqual([
      'whole: unit a: 1 of 2 events',
      'whole: unit b: 2 of 1 events',
    ]);
  });
});
