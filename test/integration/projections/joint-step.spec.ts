import { Logger } from '@nestjs/common';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { ProjectionSession } from '../../../libs/projections/src/running/projection-session.js';
import { TENANT } from '../../support/event-log.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { Story } from '../../support/story.js';

let open: ProjectionFixture;
beforeAll(async () => {
  // each failed write is a warning
  Logger.overrideLogger(false);
  open = await openProjections();
});
afterAll(() => open?.close());

/** A conversation of two messages and a rename; appended, the messages projected before the rename where it says so. */
async function conversation(title: string, isBegun = false): Promise<{ streamId: string; head: number }> {
  const story = new Story().start();
  story.post('user', 'Hello');
  story.post('user', 'Are you there?');
  story.do({ type: 'renameConversation', title });
  const streamId = newStreamId();
  const events = withOwnIds(story.events, streamId);
  await appendLogged(open.log, streamId, events.slice(0, -1));
  if (isBegun) expect(await open.runner.project(streamId)).toBe('current');
  await appendLogged(open.log, streamId, events.slice(-1));
  return { streamId, head: events.length };
}

async function checkpoints(streamId: string): Promise<Record<string, number>> {
  const rows = await open.database.query<{ projection: string; seq: number }>(
    'select projection, seq from projection_checkpoints where stream_id = $1',
    [streamId],
  );
  return Object.fromEntries(rows.map(({ projection, seq }) => [projection, seq]));
}

const attempts = (streamId: string) =>
  open.database.query<{ projection: string; attempts: number }>(
    'select projection, attempts from fold_attempts where stream_id = $1 and attempts > 0',
    [streamId],
  );

describe('the projections of a stream', () => {
  it('come up to the head in one transaction, and half as many statements as they would take apart', async () => {
    const { streamId, head } = await conversation('Two messages');
    const transactions = jest.spyOn(ProjectionSession.prototype, 'transaction');
    const statements = jest.spyOn(ProjectionSession.prototype, 'query');
    try {
      expect(await open.runner.project(streamId)).toBe('current');
      expect(transactions).toHaveBeenCalledTimes(1);
      // lock, checkpoints, attempts, moves, settle, unlock; the others are the projections' own rows
      expect(statements.mock.calls.length).toBeLessThan(30);
    } finally {
      transactions.mockRestore();
      statements.mockRestore();
    }
    expect(await checkpoints(streamId)).toEqual({
      conversations: head,
      messages: head,
      moments: head,
      search: head,
    });
    expect(await attempts(streamId)).toEqual([]);
  });

  it('go on without the one whose rows cannot be written, which parks alone, after three attempts of its own', async () => {
    await open.database.query(
      `alter table conversations add constraint writable check (title::text <> '"Unwritable"')`,
    );
    try {
      const { streamId, head } = await conversation('Unwritable', true);
      expect(await open.runner.project(streamId)).toBe('failed');
      expect(await checkpoints(streamId)).toEqual({
        conversations: head - 1,
        messages: head,
        moments: head,
        search: head,
      });
      expect(await attempts(streamId)).toEqual([{ projection: 'conversations', attempts: 1 }]);
      expect([await open.runner.project(streamId), await open.runner.project(streamId)]).toEqual([
        'failed',
        'parked',
      ]);
      const parked = (await open.parked.list(TENANT)).filter((one) => one.streamId === streamId);
      expect(parked).toMatchObject([{ projection: 'conversations', seq: head, attempts: 3 }]);
    } finally {
      await open.database.query('alter table conversations drop constraint writable');
    }
  });

  it('go on without the one that was cut off, which is folded as a whole, in a process of its own', async () => {
    const { streamId, head } = await conversation('Cut off');
    await open.database.query(
      `insert into fold_attempts (projection, generation, stream_id, attempts) values ('messages', 1, $1, 1)`,
      [streamId],
    );
    const folds = jest.spyOn(FoldThreads.prototype, 'fold');
    const together = jest.spyOn(FoldThreads.prototype, 'foldTogether');
    try {
      expect(await open.runner.project(streamId)).toBe('current');
      const told = together.mock.calls.map(([events, jobs]) => [events.length, jobs.map(({ fold }) => fold)]);
      expect(told).toEqual([[head, expect.arrayContaining(['conversations', 'moments', 'search'])]]);
      const alone = folds.mock.calls.map(([{ fold, events }, lane]) => [fold, events.length, lane]);
      expect(alone).toEqual([['messages', head, 'suspect']]);
    } finally {
      folds.mockRestore();
      together.mockRestore();
    }
    expect(await attempts(streamId)).toEqual([]);
  });

  it('are left to whoever holds one of them, and the others go on', async () => {
    const { streamId, head } = await conversation('Held elsewhere');
    const holder = await ProjectionSession.open(open.database);
    const key = { projection: 'moments', generation: 1, streamId };
    expect(await holder.lock(key)).toBe(true);
    try {
      expect(await open.runner.project(streamId)).toBe('busy');
      expect(await checkpoints(streamId)).toEqual({ conversations: head, messages: head, search: head });
    } finally {
      await holder.unlock(key);
      holder.release();
    }
    expect(await open.runner.project(streamId)).toBe('current');
    expect((await checkpoints(streamId)).moments).toBe(head);
  });
});
