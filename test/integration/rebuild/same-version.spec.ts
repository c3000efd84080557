import { Logger } from '@nestjs/common';
import { RebuildNotPossible, RebuildRunning, ProjectionUnknown } from '#projections';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng, type Prng } from '../../support/prng.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { rebuildProcess, type RebuildProcess } from '../../support/rebuilds.js';
import { untilRebuilt } from '../../support/until-rebuilt.js';

const PROJECTIONS = ['conversations', 'messages', 'moments', 'search'];

let open: ProjectionFixture;
let process: RebuildProcess;
beforeEach(async () => {
  Logger.overrideLogger(['error']);
  open = await openProjections();
  process = rebuildProcess(open);
});
afterEach(() => open?.close());

/** Conversations that are projected in batches of chance, some not to their heads. */
async function conversations(prng: Prng, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const streamId = newStreamId();
    const events = withOwnIds(chattyStory(prng, 60), streamId);
    for (let at = 0; at < events.length;) {
      const size = prng.between(1, 12);
      await appendLogged(open.log, streamId, events.slice(at, at + size));
      at += size;
      if (prng.next() < 0.3) await open.runner.project(streamId);
    }
    ids.push(streamId);
  }
  return ids;
}

const generations = (projection: string) =>
  open.database.query<{ generation: number; status: string }>(
    'select generation, status from projection_generations where projection = $1 order by generation',
    [projection],
  );

describe('a rebuild of the same version', () => {
  it.each(PROJECTIONS)(
    'of %s is equal to the live rows and to the fold, and goes live',
    async (projection) => {
      const ids = await conversations(createPrng(`rebuild ${projection}`), 12);
      const begun = await process.rebuilds.start({ projection, requestedBy: 'test' });
      expect(begun).toMatchObject({
        projection,
        generation: 2,
        liveGeneration: 1,
        status: 'running',
        phase: 'copying',
      });
      const done = await untilRebuilt(process, begun.id);
      expect(await process.rebuilds.differences(begun.id)).toEqual([]);
      expect(done).toMatchObject({
        status: 'done',
        phase: 'over',
        streamsTotal: ids.length,
        streamsDone: ids.length,
        compared: ids.length,
        differing: 0,
      });
      expect(done.rows).toBeGreaterThan(ids.length);
      expect(await generations(projection)).toEqual([
        { generation: 1, status: 'retained' },
        { generation: 2, status: 'live' },
      ]);
    },
  );

  it('shows rows that someone has changed, waits for a word, and then puts them right', async () => {
    await conversations(createPrng('changed rows'), 4);
    for (let more = 1; more > 0;) more = await open.sweeper.sweep();
    await open.database.query(
      `update messages set content = '"lies"' where valid_to is null and role = 'user'`,
    );
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    const waiting = await untilRebuilt(process, id);
    expect(waiting.status).toBe('awaiting_acceptance');
    expect(waiting.differing).toBeGreaterThan(0);
    const [difference] = await process.rebuilds.differences(id);
    expect(difference).toMatchObject({ against: 'live' });
    expect(JSON.stringify(difference)).toContain('lies');
    await process.rebuilds.accept(id);
    expect((await untilRebuilt(process, id)).status).toBe('done');
    const lies = await open.database.query(
      `select 1 from messages where generation = 2 and content::text = '"lies"'`,
    );
    expect(lies).toEqual([]);
  });

  it('fails, and changes nothing, where its rows are not the fold', async () => {
    await conversations(createPrng('not the fold'), 3);
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    const harmed = { ...process, afterCopy: `update messages set depth = depth + 1 where generation = 2` };
    const failed = await untilRebuilt(harmed, id, open.database);
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed.error).toContain('are not the fold');
    expect(await generations('messages')).toEqual([
      { generation: 1, status: 'live' },
      { generation: 2, status: 'dropping' },
    ]);
  });

  it('as a dry run compares and leaves everything as it was', async () => {
    await conversations(createPrng('dry run'), 3);
    const { id } = await process.rebuilds.start({
      projection: 'messages',
      dryRun: true,
      requestedBy: 'test',
    });
    expect(await untilRebuilt(process, id)).toMatchObject({ status: 'done', differing: 0 });
    expect(await generations('messages')).toEqual([
      { generation: 1, status: 'live' },
      { generation: 2, status: 'dropping' },
    ]);
  });
});

describe('rebuilds', () => {
  it('run once at a time for a projection, and say what is wrong with what they are asked', async () => {
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    const again = process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    await expect(again).rejects.toThrow(RebuildRunning);
    await expect(again).rejects.toMatchObject({ rebuild: { id } });
    const other = process.rebuilds.start({ projection: 'moments', requestedBy: 'test' });
    await expect(other).resolves.toMatchObject({ generation: 2 });
    await expect(process.rebuilds.start({ projection: 'nothing', requestedBy: 'test' })).rejects.toThrow(
      ProjectionUnknown,
    );
    await expect(process.rebuilds.resume(id)).rejects.toThrow(RebuildNotPossible);
    await expect(process.rebuilds.rollback('messages')).rejects.toThrow('no earlier generation');
  });

  it('pause between pages, go on, and are cancelled without a trace', async () => {
    await conversations(createPrng('pause'), 4);
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    expect((await process.rebuilds.pause(id)).status).toBe('paused');
    await process.worker.tick();
    expect((await process.rebuilds.get(id))?.streamsDone).toBe(0);
    expect((await process.rebuilds.resume(id)).status).toBe('running');
    await process.worker.tick();
    expect((await process.rebuilds.cancel(id)).status).toBe('cancelled');
    await open.database.query(`update projection_generations set retained_at = now() - interval '2 minutes'`);
    await rebuildProcess(open).worker.tick();
    expect(await generations('messages')).toEqual([{ generation: 1, status: 'live' }]);
    expect(await open.database.query(`select to_regclass('messages_g2') as part`)).toEqual([{ part: null }]);
    expect(await open.database.query('select 1 from projection_checkpoints where generation = 2')).toEqual(
      [],
    );
    // its number is not used again
    expect((await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' })).generation).toBe(
      3,
    );
  });

  it('are rolled back, exact after traffic too, and an old generation is dropped after its time', async () => {
    const prng = createPrng('rollback');
    await conversations(prng, 3);
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    await untilRebuilt(process, id);
    await conversations(prng, 3);
    for (let more = 1; more > 0;) more = await open.sweeper.sweep();
    expect(await process.rebuilds.rollback('messages')).toEqual({
      projection: 'messages',
      from: 2,
      to: 1,
      rebuild: null,
    });
    expect(await generations('messages')).toEqual([
      { generation: 1, status: 'live' },
      { generation: 2, status: 'retained' },
    ]);
    const check = await process.rebuilds.start({ projection: 'messages', dryRun: true, requestedBy: 'test' });
    expect(await untilRebuilt(process, check.id)).toMatchObject({ status: 'done', differing: 0 });
    const prompt = rebuildProcess(open, { keepGenerationHours: 0 });
    await open.database.query(`update projection_generations set retained_at = now() - interval '2 minutes'`);
    await prompt.worker.tick();
    expect((await generations('messages')).map(({ status }) => status)).toEqual(['live', 'dropping']);
  });

  it('bring a kept generation up first that nobody has fed for a while', async () => {
    const prng = createPrng('stale');
    await conversations(prng, 3);
    const { id } = await process.rebuilds.start({ projection: 'messages', requestedBy: 'test' });
    await untilRebuilt(process, id);
    await open.database.query(
      `update projection_generations set fed_at = now() - interval '1 hour' where projection = 'messages' and generation = 1`,
    );
    open.catalog.forget();
    await conversations(prng, 2);
    for (let more = 1; more > 0;) more = await open.sweeper.sweep();
    const { rebuild } = await process.rebuilds.rollback('messages');
    expect(rebuild).toMatchObject({ generation: 1, phase: 'reconciling' });
    expect(await untilRebuilt(process, rebuild!.id)).toMatchObject({
      status: 'done',
      differing: 0,
      compared: 5,
    });
    expect((await generations('messages'))[0]).toEqual({ generation: 1, status: 'live' });
  });

  it('of one conversation put its rows right, in each kept generation', async () => {
    const [streamId = ''] = await conversations(createPrng('one'), 2);
    await open.runner.project(streamId);
    await open.database.query('delete from messages where conversation_id = $1', [streamId]);
    expect(await process.rebuilds.repair(streamId)).toEqual([
      { projection: 'conversations', generation: 1, changed: false },
      { projection: 'messages', generation: 1, changed: true },
      { projection: 'moments', generation: 1, changed: false },
      { projection: 'search', generation: 1, changed: false },
    ]);
    expect(await process.rebuilds.repair(streamId, 'messages')).toEqual([
      { projection: 'messages', generation: 1, changed: false },
    ]);
  });
});
