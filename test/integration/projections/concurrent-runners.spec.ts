import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@nestjs/common';
import { projectRoot, type Database } from '#platform';
import { ConversationAbsent } from '#projections';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  projectionProcess,
  READER,
  withOwnIds,
  type ProjectionFixture,
  type ProjectionProcess,
} from '../../support/projections.js';

let open: ProjectionFixture;
beforeAll(async () => {
  // each lost connection is a warning
  Logger.overrideLogger(false);
  open = await openProjections();
});
afterAll(() => open?.close());

/** The read model as it stands, without any folding of what is behind. */
async function expectRowsAreTheFold(reader: ProjectionProcess, streamId: string): Promise<void> {
  const [{ seq }] = (await reader.database.query<{ seq: number }>(
    'select coalesce(min(seq), 0) as seq from projection_checkpoints where stream_id = $1',
    [streamId],
  )) as [{ seq: number }];
  if (seq === 0) return;
  const oracle = new Oracle(streamId, await eventsUpTo(reader.log, streamId, seq), await reader.log.epoch());
  const page = await reader.messages.page(READER, streamId, { limit: 1_000, at: seq });
  expect(page.items).toEqual(oracle.page());
  expect((await reader.conversations.get(READER, streamId, { at: seq }))?.conversation).toEqual(
    oracle.conversation(),
  );
}

async function pendingOf(streamIds: string[]): Promise<number> {
  const rows = await open.database.query('select 1 from pending where stream_id = any ($1::uuid[])', [
    streamIds,
  ]);
  return rows.length;
}

describe('projectors of several processes', () => {
  it('project the same streams at once while they are written, each event once', async () => {
    const prng = createPrng('concurrent runners');
    const streams = Array.from({ length: 4 }, () => newStreamId());
    const events = streams.map((id) => withOwnIds(chattyStory(prng, 60), id));
    const processes = [open, await open.another(), await open.another()];
    const state = { writing: true };
    const project = async (process: ProjectionProcess) => {
      while (state.writing)
        await process.runner.project(prng.pick(streams), { wait: prng.next() < 0.5, budgetMs: 50 });
    };
    const read = async () => {
      while (state.writing) await expectRowsAreTheFold(open, prng.pick(streams));
    };
    const write = async () => {
      for (const [i, streamId] of streams.entries()) {
        for (let at = 0; at < events[i]!.length; at += 5)
          await appendLogged(open.log, streamId, events[i]!.slice(at, at + 5));
      }
      state.writing = false;
    };
    await Promise.all([write(), read(), ...processes.map(project), ...processes.map(project)]);
    for (const streamId of streams) {
      expect(await open.runner.project(streamId, { wait: true })).toBe('current');
      await expectRowsAreTheFold(open, streamId);
    }
    expect(await pendingOf(streams)).toBe(0);
    expect(await open.database.query('select * from parked')).toEqual([]);
  }, 120_000);

  it('leave nothing half done when their connections are cut at any moment, and another goes on', async () => {
    const prng = createPrng('cut projectors');
    const victim = await open.another();
    const [{ pid }] = (await open.database.query<{ pid: number }>('select pg_backend_pid() as pid')) as [
      { pid: number },
    ];
    expect(pid).toBeGreaterThan(0);
    const streams = Array.from({ length: 6 }, () => newStreamId());
    for (const id of streams) await appendLogged(open.log, id, withOwnIds(chattyStory(prng, 80), id));
    const state = { cutting: true };
    let failures = 0;
    const project = async () => {
      for (const streamId of streams) {
        for (let tries = 0; tries < 50; tries += 1) {
          const outcome = await victim.runner.project(streamId).catch(() => 'cut');
          if (outcome === 'current') break;
          failures += 1;
        }
      }
      state.cutting = false;
    };
    const cut = async () => {
      while (state.cutting) {
        await pause(prng.between(1, 25));
        await open.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and query ilike any (array['%projection_checkpoints%', '%insert into messages%',
             'begin%', 'commit%', '%fold_attempts%']) and pid <> pg_backend_pid()`,
        );
      }
    };
    await Promise.all([project(), cut()]);
    expect(failures).toBeGreaterThan(0);
    const parked = await open.database.query('select stream_id from parked');
    expect(parked).toEqual([]);
    for (const streamId of streams) {
      await expectRowsAreTheFold(open, streamId);
      expect(await open.runner.project(streamId)).toBe('current');
      await expectRowsAreTheFold(open, streamId);
    }
    expect(await pendingOf(streams)).toBe(0);
  }, 120_000);
});

describe('a projector that is killed', () => {
  it('leaves rows that are the fold up to the checkpoint, and another goes on from there', async () => {
    const prng = createPrng('killed projector');
    const streamId = newStreamId();
    await appendLogged(open.log, streamId, withOwnIds(chattyStory(prng, 200), streamId));
    const begun = 'select 1 from fold_attempts where stream_id = $1';
    const script = join(projectRoot(), 'test/support/project-once.mjs');
    let kills = 0;
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(process.execPath, [script, open.url, streamId], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      while (child.exitCode === null && (await open.database.query(begun, [streamId])).length === 0)
        await pause(1);
      await pause(prng.between(0, 30));
      child.kill('SIGKILL');
      if ((await ended) === 'SIGKILL') kills += 1;
      await expectRowsAreTheFold(open, streamId);
      // or the next round would find the attempt of this one; the last one's is left
      if (round < 5) await open.database.query('delete from fold_attempts');
    }
    expect(kills).toBeGreaterThan(0);
    expect(await open.runner.project(streamId, { wait: true })).toBe('current');
    await expectRowsAreTheFold(open, streamId);
    expect(await open.database.query('select 1 from parked')).toEqual([]);
    expect(await open.database.query(begun, [streamId])).toEqual([]);
  }, 60_000);
});

type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** The statement, but that it takes rows as they are now, whatever seq they are asked as of. */
function asOfNow(sql: string): string {
  return sql
    .replaceAll('(m.valid_to is null or m.valid_to > l.up_to)', 'm.valid_to is null')
    .replaceAll(/\b[mp]\.valid_from <= l\.up_to/g, 'true');
}

/** The same database, but after each statement of a transaction `between` runs; every transaction has this isolation. */
function interleaved(
  database: Database,
  { isolation, rewritten }: { isolation: Isolation; rewritten: (sql: string) => string },
  between: (sql: string) => Promise<void>,
): Database {
  const transaction: Database['transaction'] = (_, work) =>
    database.transaction(isolation, (q) =>
      work({
        query: async (sql, params) => {
          const rows = await q.query(rewritten(sql), params);
          await between(sql);
          return rows as never;
        },
      }),
    );
  return new Proxy(database, {
    get: (target, property) => {
      const value: unknown = property === 'transaction' ? transaction : Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Reads of a conversation that is written to and projected between their statements: how many were right, and wrong. */
async function readWhileProjecting(
  isolation: Isolation,
  rewritten = (sql: string): string => sql,
): Promise<{ right: number; wrong: number }> {
  const prng = createPrng(`read while projecting, ${isolation}`);
  const streamId = newStreamId();
  const events = withOwnIds(chattyStory(prng, 120), streamId);
  let at = 0;
  const goOn = async (sql = '') => {
    // between the tail's events and the rows that they change is where a read is easiest to lead astray
    const amidTheTail = /from events .*'StreamDeltaReceived'/.test(sql);
    if (prng.next() < 0.3) {
      await appendLogged(open.log, streamId, events.slice(at, at + 5));
      at = Math.min(at + 5, events.length);
    }
    if (prng.next() < (amidTheTail ? 0.7 : 0.05)) await open.runner.project(streamId);
  };
  const reader = await projectionProcess(open.url, undefined, (database) =>
    interleaved(database, { isolation, rewritten }, goOn),
  );
  const counts = { right: 0, wrong: 0 };
  await goOn();
  while (at < events.length) {
    const page = await reader.messages
      .page(READER, streamId, { limit: 1_000 })
      .catch((error: Error) => error);
    if (page instanceof ConversationAbsent) await goOn();
    else if (page instanceof Error) counts.wrong += 1;
    else {
      const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, page.seq), '');
      counts[isDeepStrictEqual(page.items, oracle.page()) ? 'right' : 'wrong'] += 1;
    }
  }
  await reader.close();
  return counts;
}

describe('a read while a projector runs', () => {
  it('sees pointer, rows, checkpoint and tail of one moment', async () => {
    const { right, wrong } = await readWhileProjecting('REPEATABLE READ');
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThan(5);
  }, 60_000);

  it('would do so by its snapshot alone, without the validity of the rows', async () => {
    expect((await readWhileProjecting('REPEATABLE READ', asOfNow)).wrong).toBe(0);
  }, 60_000);

  it('would see rows and tail of different moments without both (control)', async () => {
    let found = 0;
    for (let round = 0; round < 20 && found === 0; round += 1)
      found += (await readWhileProjecting('READ COMMITTED', asOfNow)).wrong;
    expect(found).toBeGreaterThan(0);
  }, 60_000);
});

describe('the sweeper', () => {
  it('brings up every stream that is behind without any job', async () => {
    const prng = createPrng('sweeper');
    const streams = Array.from({ length: 30 }, () => newStreamId());
    for (const id of streams) await appendLogged(open.log, id, withOwnIds(chattyStory(prng, 10), id));
    expect(await pendingOf(streams)).toBe(30);
    const other = await open.another();
    while ((await pendingOf(streams)) > 0) await Promise.all([open.sweeper.sweep(), other.sweeper.sweep()]);
    for (const streamId of streams) await expectRowsAreTheFold(open, streamId);
  }, 60_000);
});
