import { currentVersions, eventSchemas, type EventType, type LoggedEvent } from './events.js';
import { upcast, upcasters } from './upcast.js';

const event = (fields: Partial<LoggedEvent>): LoggedEvent => ({
  seq: 1,
  type: 'ConversationRenamed',
  at: '2026-01-01T00:00:00.000Z',
  schemaVersion: 1,
  data: { title: 'T' },
  metadata: {},
  ...fields,
});

const broken = () => {
  throw new Error('broken');
};

it('gives an event of the newest version as it is', () => {
  expect(upcast(event({}))).toEqual({ ok: true, event: event({}) });
});

it('lifts an old event step by step', () => {
  const steps = {
    ConversationRenamed: {
      1: (data: unknown) => ({ name: (data as { old: string }).old }),
      2: (data: unknown) => ({ title: (data as { name: string }).name }),
    },
  };
  const versions = { ...currentVersions, ConversationRenamed: 3 };
  expect(upcast(event({ data: { old: 'T' } }), steps, versions)).toMatchObject({
    ok: true,
    event: { data: { title: 'T' } },
  });
  expect(upcast(event({ data: { name: 'T' }, schemaVersion: 2 }), steps, versions)).toMatchObject({
    ok: true,
  });
  expect(upcast(event({ schemaVersion: 3 }), steps, versions)).toMatchObject({ ok: true });
});

it.each<[string, Partial<LoggedEvent>, string]>([
  ['an unknown type', { type: 'Nonsense' }, 'unknown event type Nonsense'],
  ['a type that every object has', { type: 'toString' }, 'unknown event type toString'],
  [
    'a version from the future',
    { schemaVersion: 2 },
    'ConversationRenamed has version 2, this code knows 1 to 1',
  ],
  [
    'a version that is none',
    { schemaVersion: 0 },
    'ConversationRenamed has version 0, this code knows 1 to 1',
  ],
  ['data of another shape', { data: { title: 7 } }, 'data.title: '],
  ['no data', { data: null }, 'data: '],
])('says why it cannot read %s', (_, fields, problem) => {
  expect(upcast(event(fields))).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

it('says why where a step is missing or throws', () => {
  const versions = { ...currentVersions, ConversationRenamed: 2 };
  expect(upcast(event({}), {}, versions)).toEqual({
    ok: false,
    problem: 'no upcaster for ConversationRenamed version 1',
  });
  expect(upcast(event({}), { ConversationRenamed: { 1: broken } }, versions)).toEqual({
    ok: false,
    problem: 'broken',
  });
});

it('has a step for every version that is older than its schema', () => {
  for (const type of Object.keys(eventSchemas) as EventType[]) {
    const versions = Array.from({ length: currentVersions[type] - 1 }, (_, index) => index + 1);
    expect(Object.keys(upcasters[type] ?? {})).toEqual(versions.map(String));
  }
});

it('takes data of any size and depth', () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
  const id = '00000000-0000-7000-8000-000000000001';
  const data = { messageId: id, parentId: null, role: 'tool', content: [], toolCall: deep };
  expect(upcast(event({ type: 'MessagePosted', data })).ok).toBe(true);
});
