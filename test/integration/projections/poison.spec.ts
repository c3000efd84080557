import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { currentVersions, type DomainEvent, type LoggedEvent } from '#model';
import { projectRoot } from '#platform';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { TENANT } from '../../support/event-log.js';
import { appendLogged, openProjections, READER, type ProjectionFixture } from '../../support/projections.js';

const support = join(projectRoot(), 'test/support');
const foldsUrl = pathToFileURL(join(support, 'poison-folds.mjs')).href;
const poisonedThreads = () => new FoldThreads({ foldsUrl, deadlineMs: 300 });

let open: ProjectionFixture;
beforeAll(async () => {
  // each failed fold is a warning
  Logger.overrideLogger(false);
  open = await openProjections(poisonedThreads());
});
afterAll(() => open?.close());

const rename = (title: string): DomainEvent => ({ type: 'ConversationRenamed', data: { title } });
const post = (text: string): DomainEvent => {
  const content = [{ type: 'text', text }];
  return { type: 'MessagePosted', data: { messageId: randomUUID(), parentId: null, role: 'user', content } };
};

function numbered(...events: DomainEvent[]): LoggedEvent[] {
  return events.map(({ type, data }, index) => {
    return { seq: index + 1, type, at: '', schemaVersion: currentVersions[type], data, metadata: {} };
  });
}

/** A conversation of 12 events whose eighth is poison to one fold. */
async function poisonedStream(how: string, fold: string): Promise<string> {
  const streamId = randomUUID();
  const before = Array.from({ length: 6 }, (_, i) => rename(`before ${i}`));
  const after = [post('Hi'), rename('after 1'), rename('after 2'), rename('after 3')];
  const events = [
    { type: 'ConversationStarted', data: {} } as DomainEvent,
    ...before,
    rename(`poison ${how} ${fold}`),
    ...after,
  ];
  await appendLogged(open.log, streamId, numbered(...events));
  return streamId;
}

async function checkpoints(streamId: string): Promise<Record<string, number>> {
  const rows = await open.database.query<{ projection: string; seq: number }>(
    `select projection, seq from projection_checkpoints
     where stream_id = $1 and projection in ('conversations', 'messages')`,
    [streamId],
  );
  return Object.fromEntries(rows.map(({ projection, seq }) => [projection, seq]));
}

async function isPending(streamId: string): Promise<boolean> {
  return (await open.database.query('select 1 from pending where stream_id = $1', [streamId])).length === 1;
}

describe.each(['throw', 'hang', 'exit'])('an event that makes a fold %s', (how) => {
  it('parks its own stream in its own projection, before itself, after three attempts', async () => {
    const streamId = await poisonedStream(how, 'conversations');
    const outcomes = [];
    for (let i = 0; i < 4; i += 1) outcomes.push(await open.runner.project(streamId));
    expect(outcomes).toEqual(['failed', 'failed', 'parked', 'parked']);
    expect(await checkpoints(streamId)).toEqual({ conversations: 7, messages: 12 });
    expect(await isPending(streamId)).toBe(false);
    const [parked] = (await open.parked.list(TENANT)).filter((one) => one.streamId === streamId);
    expect(parked).toMatchObject({ projection: 'conversations', generation: 1, seq: 8, attempts: 3 });
    expect(parked?.error).toMatch({ throw: /^poisoned$/, hang: /longer than/, exit: /exit code 7/ }[how]!);
    const healthy = await poisonedStream('no', 'conversations');
    expect(await open.runner.project(healthy)).toBe('current');
  }, 30_000);

  it('leaves reads exact but for a marker: rows up to it, the fold after it', async () => {
    const streamId = await poisonedStream(how, 'conversations');
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    const found = await open.conversations.get(READER, streamId);
    expect(found?.conversation).toMatchObject({ title: 'after 3', seq: 12 });
    expect(found?.markers).toMatchObject([{ seq: 8, type: 'ConversationRenamed' }]);
    expect((await open.conversations.get(READER, streamId, { at: 8 }))?.conversation.title).toBe('before 5');
    const list = await open.conversations.list(READER, { limit: 1 });
    expect(list.items).toMatchObject([{ id: streamId, title: 'after 3', seq: 12 }]);
    const page = await open.messages.page(READER, streamId, { limit: 10 });
    expect(page).toMatchObject({ items: [{ content: 'Hi' }], markers: [] });
  }, 30_000);
});

describe('poison', () => {
  it('far into a batch takes no more steps: what stands before it and was folded goes on as a whole', async () => {
    const streamId = randomUUID();
    const good = Array.from({ length: 299 }, (_, i) => rename(`before ${i}`));
    const started = { type: 'ConversationStarted', data: {} } as DomainEvent;
    await appendLogged(
      open.log,
      streamId,
      numbered(started, ...good, rename('poison throw conversations'), ...good),
    );
    const folds = jest.spyOn(FoldThreads.prototype, 'fold');
    const together = jest.spyOn(FoldThreads.prototype, 'foldTogether');
    try {
      for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
      expect(together.mock.calls.map(([events]) => events.length)).toEqual([600]);
      const told = folds.mock.calls.filter(([{ fold }]) => fold === 'conversations');
      expect(told.map(([{ events }, lane]) => [events.length, lane])).toEqual([
        [600, 'suspect'],
        [300, 'suspect'],
        ...Array.from({ length: 3 }, () => [1, 'suspect']),
      ]);
    } finally {
      folds.mockRestore();
      together.mockRestore();
    }
    expect(await checkpoints(streamId)).toEqual({ conversations: 300, messages: 600 });
  }, 30_000);

  it('parks the messages of a stream without its place in the list', async () => {
    const streamId = await poisonedStream('throw', 'messages');
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    expect(await checkpoints(streamId)).toEqual({ conversations: 12, messages: 7 });
    const page = await open.messages.page(READER, streamId, { limit: 10 });
    expect(page.items).toMatchObject([{ content: 'Hi' }]);
    expect(page.markers).toMatchObject([{ seq: 8, problem: 'poisoned' }]);
  });

  it('in the messages leaves the past of the conversation exact: its leaf is found in the fold', async () => {
    const streamId = randomUUID();
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const posts = ids.map((messageId, i): DomainEvent => {
      return {
        type: 'MessagePosted',
        data: { messageId, parentId: ids[i - 1] ?? null, role: 'user', content: [] },
      };
    });
    const started: DomainEvent = { type: 'ConversationStarted', data: {} };
    await appendLogged(open.log, streamId, numbered(started, rename('poison throw messages'), ...posts));
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    expect(await checkpoints(streamId)).toEqual({ conversations: 5, messages: 1 });
    const leaves = [];
    for (const at of [2, 3, 4, 5]) {
      leaves.push((await open.conversations.get(READER, streamId, { at }))?.conversation.leafId);
    }
    expect(leaves).toEqual([undefined, ...ids]);
  });

  it('that no code can read is a marker in reads, and parks', async () => {
    const streamId = randomUUID();
    const events = numbered({ type: 'ConversationStarted', data: {} }, rename('x'), post('Hi'));
    await appendLogged(open.log, streamId, [
      ...events,
      { ...events[1]!, seq: 4, type: 'FromTheFuture', data: { messageId: 7 } },
    ]);
    const before = await open.messages.page(READER, streamId, { limit: 10 });
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    const parked = (await open.parked.list(TENANT)).filter((one) => one.streamId === streamId);
    expect(parked.map(({ projection }) => projection).toSorted()).toEqual([
      'conversations',
      'messages',
      'moments',
      'search',
    ]);
    expect(await checkpoints(streamId)).toEqual({ conversations: 3, messages: 3 });
    const after = await open.messages.page(READER, streamId, { limit: 10 });
    expect(after.markers).toEqual([
      { seq: 4, type: 'FromTheFuture', problem: 'unknown event type FromTheFuture' },
    ]);
    expect(after).toEqual(before);
  });

  it('that nests too deep for a thread parks before itself, and is the one marker in reads', async () => {
    const streamId = randomUUID();
    const deep = JSON.parse('['.repeat(3_000) + ']'.repeat(3_000));
    const call = post('deep');
    const events = numbered({ type: 'ConversationStarted', data: {} }, post('Hi'), call, post('after'));
    Object.assign(events[2]!.data as object, { role: 'tool', toolName: 'Clock', toolResult: deep });
    await appendLogged(open.log, streamId, events);
    const before = await open.messages.page(READER, streamId, { limit: 10 });
    expect(before.markers).toMatchObject([{ seq: 3, problem: expect.stringContaining('nested deeper') }]);
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    expect(await checkpoints(streamId)).toEqual({ conversations: 2, messages: 2 });
    expect(await open.messages.page(READER, streamId, { limit: 10 })).toEqual(before);
  }, 30_000);

  it('that kills its process is counted before, so it parks all the same', async () => {
    const streamId = await poisonedStream('kill', 'conversations');
    const deaths: string[] = [];
    for (let i = 0; i < 20 && deaths.at(-1) !== 'parked'; i += 1) {
      const run = spawnSync(process.execPath, [join(support, 'project-once.mjs'), open.url, streamId], {
        encoding: 'utf8',
      });
      deaths.push(run.signal ?? `${run.stdout}${run.stderr}`);
    }
    // once amid the batch; then alone, in a process of its own, until it has been tried three times
    expect(deaths).toEqual(['SIGKILL', 'failed', 'failed', 'parked']);
    const [parked] = (await open.parked.list(TENANT)).filter((one) => one.streamId === streamId);
    expect(parked).toMatchObject({ seq: 8, error: expect.stringContaining('died') });
    expect(await checkpoints(streamId)).toEqual({ conversations: 7, messages: 12 });
    // folded by a read it would end this process, too: it is a marker unread
    const found = await open.conversations.get(READER, streamId);
    expect(found?.conversation).toMatchObject({ title: 'after 3', seq: 12 });
    expect(found?.markers).toMatchObject([{ seq: 8, problem: expect.stringContaining('died') }]);
    const list = await open.conversations.list(READER, { limit: 1 });
    expect(list.items).toMatchObject([{ id: streamId, title: 'after 3' }]);
  }, 60_000);

  it('is not what was begun nine times by processes that were killed; ten times is', async () => {
    const begun = (streamId: string, attempts: number) =>
      open.database.query(
        `insert into fold_attempts (projection, generation, stream_id, attempts) values ('conversations', 1, $1, $2)`,
        [streamId, attempts],
      );
    const [good, given] = [
      await poisonedStream('no', 'conversations'),
      await poisonedStream('no', 'conversations'),
    ];
    await begun(good, 9);
    await begun(given, 10);
    expect(await open.runner.project(good)).toBe('current');
    expect(await open.runner.project(given)).toBe('parked');
    const parked = (await open.parked.list(TENANT)).filter((one) => [good, given].includes(one.streamId));
    expect(parked).toMatchObject([{ streamId: given, seq: 1, error: expect.stringContaining('died') }]);
  });

  it('is tried again on demand, and by other code at its start', async () => {
    const streamId = await poisonedStream('throw', 'conversations');
    for (let i = 0; i < 3; i += 1) await open.runner.project(streamId);
    const healed = await open.another(new FoldThreads());
    const key = { projection: 'conversations' as const, generation: 1, streamId };
    expect(await open.parked.retry('another tenant', key)).toBe(false);
    expect(await open.parked.retry(TENANT, key)).toBe(true);
    expect(await isPending(streamId)).toBe(true);
    expect(await healed.runner.project(streamId)).toBe('current');
    expect(await isPending(streamId)).toBe(false);
    expect((await open.conversations.get(READER, streamId))?.markers).toEqual([]);

    const other = await poisonedStream('throw', 'conversations');
    for (let i = 0; i < 3; i += 1) await open.runner.project(other);
    expect(await healed.parked.retryOthers()).toBe(0);
    await open.database.query(`update parked set fold_version = 'model 0' where stream_id = $1`, [other]);
    expect(await healed.parked.retryOthers()).toBe(1);
    expect(await healed.runner.project(other)).toBe('current');
  });

  it('that hangs holds up nobody else for longer than its deadline', async () => {
    const bad = await poisonedStream('hang', 'conversations');
    const good = await poisonedStream('no', 'conversations');
    const hanging = open.runner.project(bad);
    // behind it in the healthy thread, at most: that is killed, and the next one goes on
    expect(await open.runner.project(good)).toBe('current');
    expect(await hanging).toBe('failed');
    const again = open.runner.project(bad);
    const later = await poisonedStream('no', 'conversations');
    const second = await Promise.race([
      again.then(() => 'bad'),
      open.runner.project(later).then(() => 'good'),
    ]);
    // by now it is folded in a thread of its own
    expect(second).toBe('good');
    await again;
  }, 30_000);
});
