import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#platform';
import { StreamAhead, StreamGap, StreamNotFound, StreamReader, type Frame } from '#streaming';
import { event, unitOf } from '../../support/event-log.js';
import { eventBytes, framesUntil, seqsOf, untilSeq } from '../../support/frame-reader.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { createPrng } from '../../support/prng.js';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.js';

let database: TestDatabase;
let one: ServiceProcess;
let two: ServiceProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const start = () => startServiceProcess(database.url, { pollMs: 200, streamBufferBytes: 20_000 });
  [one, two] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await database?.drop();
});

/** Texts that trouble JSON, SSE and databases. */
const nasty = [
  '',
  'a\r\nb',
  '\n\ndata: x',
  '\u2028\u2029',
  '\0',
  '\ud800',
  '{"__proto__":1}',
  'é漢😀',
  'x'.repeat(3000),
];

async function append(streamId: string, head: number, count: number, where = one): Promise<number> {
  const events = Array.from({ length: count }, (_, n) =>
    event(
      n % 3 ? 'StreamDeltaReceived' : 'Noted',
      { seq: head + n + 1, text: nasty[(head + n) % nasty.length] },
      { n },
    ),
  );
  await where.log.append(unitOf(streamId, head, events));
  return head + count;
}

/** What one unbroken read from the beginning gives up to `seq`. */
const whole = async (streamId: string, seq: number) =>
  eventBytes(await framesUntil(one, streamId, { after: 0 }, untilSeq(seq)));

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

const afterThreePings = (_: Frame, all: Frame[]) => all.filter(({ kind }) => kind === 'ping').length === 3;

describe('the frames', () => {
  test('first stream_open, then everything after the cursor, caught_up once at its head, then live', async () => {
    const streamId = randomUUID();
    let head = await append(streamId, 0, 5);
    const epoch = await one.log.epoch();
    const reading = framesUntil(one, streamId, { after: 2 }, untilSeq(8));
    await sleep(100);
    head = await append(streamId, head, 3, two);
    const frames = await reading;
    expect(frames.map((frame) => (frame.kind === 'event' ? frame.event.seq : frame))).toEqual([
      { kind: 'stream_open', from: 2, head: 5, epoch },
      3,
      4,
      5,
      { kind: 'caught_up', seq: 5 },
      6,
      7,
      8,
    ]);
  });

  test('at the head, caught_up comes at once; pings come while nothing else does', async () => {
    const quick = await startServiceProcess(database.url, { pingMs: 30 });
    const streamId = randomUUID();
    await append(streamId, 0, 2);
    const frames = await framesUntil(quick, streamId, { after: 2 }, afterThreePings);
    expect(frames.map(({ kind }) => kind)).toEqual(['stream_open', 'caught_up', 'ping', 'ping', 'ping']);
    await quick.close();
  });

  test('a stopping process says so, and a resume elsewhere goes on without loss', async () => {
    const leaving = await startServiceProcess(database.url);
    const streamId = randomUUID();
    const head = await append(streamId, 0, 4);
    const reading = framesUntil(leaving, streamId, { after: 0 }, () => false);
    await sleep(100);
    await leaving.close();
    const frames = await reading;
    expect(frames.at(-1)).toEqual({ kind: 'closing', retryMs: 1000 });
    await append(streamId, head, 2);
    const rest = await framesUntil(one, streamId, { after: seqsOf(frames).at(-1)! }, untilSeq(6));
    expect([...seqsOf(frames), ...seqsOf(rest)]).toEqual(range(1, 6));
  });

  test('an aborted following ends by itself', async () => {
    const streamId = randomUUID();
    await append(streamId, 0, 1);
    const abort = new AbortController();
    const reading = framesUntil(one, streamId, { after: 0, signal: abort.signal }, () => false);
    await sleep(50);
    abort.abort();
    expect((await reading).map(({ kind }) => kind)).toEqual(['stream_open', 'event', 'caught_up']);
    const late = framesUntil(one, streamId, { after: 0, signal: abort.signal }, () => false);
    expect(seqsOf(await late)).toEqual([]);
  });
});

describe('cursors that cannot be followed', () => {
  test('an absent stream, and a cursor ahead of the log, are refused before anything is sent', async () => {
    const streamId = randomUUID();
    const reader = one.app.get(StreamReader);
    await expect(reader.open(streamId, { after: 0 })).rejects.toBeInstanceOf(StreamNotFound);
    await append(streamId, 0, 3);
    await expect(reader.open(streamId, { after: 4 })).rejects.toBeInstanceOf(StreamAhead);
    const epoch = await one.log.epoch();
    await expect(reader.open(streamId, { after: 4, epoch })).rejects.toMatchObject({ after: 4, head: 3 });
  });

  test('a cursor of another history is told to start over, ahead or not', async () => {
    const streamId = randomUUID();
    await append(streamId, 0, 3);
    const epoch = await one.log.epoch();
    for (const after of [0, 2, 3, 99]) {
      expect(await framesUntil(one, streamId, { after, epoch: 'another' }, () => false)).toEqual([
        { kind: 'stream_open', from: after, head: 3, epoch },
        { kind: 'reset', head: 3, epoch },
      ]);
    }
  });
});

describe('a log that is restored to an earlier time while it is followed', () => {
  test('is never sent on to a client of the other history: it is told to start over', async () => {
    const streamId = randomUUID();
    await append(streamId, 0, 3);
    const epoch = jest.spyOn(one.log, 'epoch');
    const frames = await framesUntil(one, streamId, { after: 0 }, ({ kind }) => {
      if (kind === 'caught_up') {
        epoch.mockResolvedValue('restored');
        void append(streamId, 3, 1);
      }
      return false;
    });
    epoch.mockRestore();
    expect(seqsOf(frames)).toEqual([1, 2, 3]);
    expect(frames.at(-1)).toEqual({ kind: 'reset', head: 4, epoch: 'restored' });
  });

  test('is found out at the next ping where nothing is written; a log that is away cuts no quiet reader', async () => {
    const quick = await startServiceProcess(database.url, { pingMs: 20 });
    const streamId = randomUUID();
    await append(streamId, 0, 1);
    const epoch = jest.spyOn(quick.log, 'epoch');
    const frames = await framesUntil(quick, streamId, { after: 0 }, ({ kind }, all) => {
      if (kind === 'caught_up') epoch.mockRejectedValue(new Error('the log is away'));
      if (all.filter((frame) => frame.kind === 'ping').length === 3) epoch.mockResolvedValue('restored');
      return false;
    });
    expect(frames.slice(-4).map(({ kind }) => kind)).toEqual(['ping', 'ping', 'ping', 'reset']);
    await quick.close();
  });
});

test('prefix(k) and resume(after k) are the same bytes for every k, in another process too', async () => {
  const streamId = randomUUID();
  const total = 150;
  for (let head = 0; head < total;) head = await append(streamId, head, 10);
  const bytes = await whole(streamId, total);
  const prefixes = await framesUntil(one, streamId, { after: 0 }, untilSeq(total));
  const events = prefixes.filter(({ kind }) => kind === 'event');
  for (let k = 0; k < total; k += 1) {
    const rest = await framesUntil(k % 2 ? one : two, streamId, { after: k }, untilSeq(total));
    expect(eventBytes(events.slice(0, k)) + eventBytes(rest) === bytes).toBe(true);
  }
});

test('seeded cuts and resumes while two processes write: nothing lost, nothing twice, bytes equal', async () => {
  const random = createPrng('cuts and resumes');
  const streamId = randomUUID();
  const total = 3000;
  let head = await append(streamId, 0, 1);
  const writing = (async () => {
    while (head < total) {
      head = await append(
        streamId,
        head,
        Math.min(random.between(1, 30), total - head),
        random.pick([one, two]),
      );
      if (random.next() < 0.3) await sleep(random.between(0, 8));
    }
  })();
  const readers = Array.from({ length: 10 }, async (_, n) => {
    let cursor = 0;
    let bytes = '';
    let cuts = 0;
    while (cursor < total) {
      const stop = Math.min(total, cursor + 1 + ((n * 37 + cuts * 101) % 150));
      const from = cursor;
      const frames = await framesUntil(cuts % 2 ? one : two, streamId, { after: from }, untilSeq(stop));
      expect(seqsOf(frames)).toEqual(range(from + 1, stop));
      bytes += eventBytes(frames);
      cursor = stop;
      cuts += 1;
    }
    return { bytes, cuts };
  });
  const results = await Promise.all(readers);
  await writing;
  const expected = await whole(streamId, total);
  for (const { bytes } of results) expect(bytes === expected).toBe(true);
  expect(results.reduce((sum, { cuts }) => sum + cuts, 0)).toBeGreaterThan(300);
}, 60_000);

test('a reader that does not pull holds nothing, and misses nothing', async () => {
  const streamId = randomUUID();
  let head = await append(streamId, 0, 1);
  const frames = (await one.app.get(StreamReader).open(streamId, { after: 0 }))[Symbol.asyncIterator]();
  await frames.next();
  const read = jest.spyOn(one.log, 'read');
  for (let n = 0; n < 50; n += 1) head = await append(streamId, head, 20);
  expect(read).not.toHaveBeenCalled();
  const seqs: number[] = [];
  while (seqs.length < head) {
    const { value } = await frames.next();
    if (value?.kind === 'event') seqs.push(value.event.seq);
  }
  expect(seqs).toEqual(range(1, head));
  await frames.return!();
  read.mockRestore();
});

test('what is committed while a page is being read is delivered next, though its signal came before the page', async () => {
  const streamId = randomUUID();
  await append(streamId, 0, 2);
  const readPage = one.log.read.bind(one.log);
  const read = jest.spyOn(one.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await readPage(...args);
    await append(streamId, 2, 1);
    return page;
  });
  expect(seqsOf(await framesUntil(one, streamId, { after: 0 }, untilSeq(3)))).toEqual([1, 2, 3]);
  read.mockRestore();
});

test('a log that answers with a gap is not sent on', async () => {
  const streamId = randomUUID();
  await append(streamId, 0, 3);
  const readPage = one.log.read.bind(one.log);
  const read = jest.spyOn(one.log, 'read').mockImplementationOnce(async (...args) => {
    const page = await readPage(...args);
    return page.filter(({ seq }) => seq !== 2);
  });
  const seqs: number[] = [];
  const following = (async () => {
    for await (const frame of one.app.get(StreamReader).follow(streamId, { after: 0 }))
      seqs.push(...seqsOf([frame]));
  })();
  await expect(following).rejects.toBeInstanceOf(StreamGap);
  expect(seqs).toEqual([1]);
  read.mockRestore();
});

test('readers that wait hold no connection', async () => {
  const small = await startServiceProcess(database.url, { poolSize: 2, pollMs: 100 });
  const streams = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const streamId = randomUUID();
      await append(streamId, 0, 2);
      return streamId;
    }),
  );
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const readings = streams.flatMap((streamId) =>
    Array.from({ length: 10 }, () =>
      framesUntil(small, streamId, { after: 0, signal: abort.signal }, untilSeq(3)),
    ),
  );
  const { pool } = small.app.get(Database);
  const until = Date.now() + 30_000;
  while (pool.waitingCount > 0 && Date.now() < until) await sleep(50);
  await sleep(500);
  expect(pool.totalCount).toBeLessThanOrEqual(2);
  expect(pool.waitingCount).toBe(0);
  expect(await small.log.head(streams[0]!)).toBe(2);
  await Promise.all(streams.map((streamId) => append(streamId, 2, 1)));
  for (const frames of await Promise.all(readings)) expect(seqsOf(frames)).toEqual([1, 2, 3]);
  await small.close();
});
