import { randomUUID } from 'node:crypto';
import { AppendRefused } from '#event-log';
import { commandOf, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

const awkward: [string, unknown][] = [
  ['a NUL', { text: 'a\0b', '\0': 1 }],
  ['lone surrogates', { text: '\ud800 and \udc00', pair: '😀' }],
  ['quotes, backslashes, line ends', { text: '"\\\\"\r\n\u2028\t{},NULL' }],
  ['JSON within JSON', { text: JSON.stringify({ a: '\0"\ud800' }) }],
  ['keys in their order, numbers as written', { b: 1, a: [1e21, -0.5, 1.5e-7, 2 ** 53], '10': null, '': {} }],
  ['a key that is a prototype elsewhere', JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as unknown],
  ['a string alone', 'NULL'],
  ['null', null],
  ['a megabyte', { text: 'ü"\\'.repeat(350_000) }],
];

describe('a payload with', () => {
  it.each(awkward)('%s comes back exactly, in data, metadata, result and snapshot', async (_, value) => {
    const { log } = fixture;
    const streamId = randomUUID();
    const command = { ...commandOf(streamId), result: value };
    const metadata = { value };
    await log.append(
      unitOf(streamId, 0, [event('Noted', value, metadata)], {
        command,
        snapshot: { streamId, seq: 1, reducerVersion: 1, state: value },
      }),
    );
    const [logged] = await log.read(streamId);
    const text = JSON.stringify(value);
    expect(JSON.stringify(logged!.data)).toBe(text);
    expect(JSON.stringify(logged!.metadata)).toBe(JSON.stringify(metadata));
    expect(JSON.stringify((await log.findCommand(command))!.result)).toBe(text);
    expect(JSON.stringify((await log.snapshot(streamId, 1))!.state)).toBe(text);
    const [row] = await fixture.database.query<{ text: string }>(
      'select data::text as text from events where stream_id = $1',
      [streamId],
    );
    expect(row!.text).toBe(text);
  });
});

describe('what the log cannot hold', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  it.each([
    ['undefined', { data: undefined }],
    ['a cycle', { data: cyclic }],
    ['a bigint', { data: 1n }],
    ['a type with NUL', { type: 'a\0' }],
    ['a version that is no smallint', { schemaVersion: 40_000 }],
    ['an event id that is no uuid', { eventId: 'x' }],
  ])('%s is refused, and the units beside it are not', async (_, wrong) => {
    const { log } = fixture;
    const [bad, good, another] = [randomUUID(), randomUUID(), randomUUID()];
    const settled = await Promise.allSettled([
      log.append(unitOf(good, 0)),
      log.append(unitOf(bad, 0, [{ ...event(), ...wrong }])),
      log.append(unitOf(another, 0)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((settled[1] as PromiseRejectedResult).reason).toBeInstanceOf(AppendRefused);
    expect(await log.head(bad)).toBe(0);
  });

  it('an entity id that stands already is refused with its unit', async () => {
    const { log } = fixture;
    const [id, first, second] = [randomUUID(), randomUUID(), randomUUID()];
    await log.append(unitOf(first, 0, [event()], { entities: [{ id, streamId: first, seq: 1 }] }));
    const other = randomUUID();
    const [refused, beside] = await Promise.allSettled([
      log.append(unitOf(second, 0, [event()], { entities: [{ id, streamId: second, seq: 1 }] })),
      log.append(unitOf(other, 0)),
    ]);
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: { name: 'AppendRefused', sqlState: '23505' },
    });
    expect(beside).toMatchObject({ status: 'fulfilled' });
    expect(await log.entity(id)).toEqual({ streamId: first, seq: 1 });
    expect(await log.head(second)).toBe(0);
  });
});
