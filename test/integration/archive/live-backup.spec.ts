import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Backups } from '#archive';
import { contentsOf, headsOf, inFolder } from '../../support/archives.js';
import { event, TENANT } from '../../support/event-log.js';
import { ForkTree } from '../../support/fork-tree.js';
import { createTestDatabase } from '../../support/postgres.js';
import { createPrng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  openProjections,
  projectionProcess,
  READER,
  type ProjectionFixture,
} from '../../support/projections.js';

const WRITERS = 10;

let source: ProjectionFixture;
beforeAll(async () => void (source = await openProjections()), 60_000);
afterAll(() => source?.close());

/** Grows and forks conversations until it is told to stop; every writer has its own. */
async function write(seed: number, stopped: () => boolean): Promise<void> {
  const tree = new ForkTree(await source.another().then(({ log }) => log), createPrng(`writer ${seed}`));
  await tree.root(5);
  while (!stopped()) {
    const branch = tree.branches.at(-1)!;
    await tree.goOn(branch, 3);
    if (branch.truth.length > 60) await tree.fork(branch);
    await pause(5);
  }
}

/** Appends to two streams at once, over and over: a backup that tears a unit has one ahead of the other. */
async function writeTwins(stopped: () => boolean): Promise<string[]> {
  const ids = [randomUUID(), randomUUID()];
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const };
  for (let head = 0; !stopped(); head += 1)
    await source.log.append({
      appends: ids.map((streamId) => ({
        streamId,
        tenantId: TENANT,
        expectedSeq: head,
        events: [event('ConversationRenamed', { title: `${head}` })],
        create: head === 0 ? create : undefined,
      })),
    });
  return ids;
}

describe('a backup of a log that ten writers append to', () => {
  it('is the log as it was at one moment, and its projections are its fold', async () => {
    await inFolder(async (folder) => {
      let stop = false;
      const writers = Array.from({ length: WRITERS }, (_, n) => write(n, () => stop));
      const twins = writeTwins(() => stop);
      await pause(1_000);
      const acked = await headsOf(source.database);
      const { manifest } = await new Backups(source.database).backup(folder, { partRows: 100 });
      stop = true;
      await Promise.all(writers);
      const [one, other] = (await twins) as [string, string];
      const { url, drop } = await createTestDatabase();
      const restored = await projectionProcess(url);
      try {
        await new Backups(restored.database).restore(folder);
        const heads = await headsOf(restored.database);
        expect(await contentsOf(restored.database)).toEqual(await contentsOf(source.database, heads));
        for (const [id, head] of acked) expect(heads.get(id)).toBeGreaterThanOrEqual(head);
        const now = await headsOf(source.database);
        const later = [...now].filter(([id, head]) => head > (heads.get(id) ?? 0)).length;
        expect(later).toBeGreaterThan(0);
        expect(heads.get(one)).toBe(heads.get(other));
        const events = manifest.tables.find(({ name }) => name === 'events')!.rows;
        process.stderr.write(
          `backup under ${WRITERS} writers: ${events} events in ${manifest.parts.length} parts, ${heads.size} streams, ` +
            `${later} of ${now.size} streams went on meanwhile\n`,
        );
        await expectFold(restored, heads);
      } finally {
        await restored.close();
        await drop();
      }
    });
  }, 240_000);
});

/** Every stream is pending after a restore, and is projected to its fold. */
async function expectFold(
  { database, log, runner, conversations, messages }: Awaited<ReturnType<typeof projectionProcess>>,
  heads: ReadonlyMap<string, number>,
): Promise<void> {
  const epoch = await log.epoch();
  const pending = await log.pending(10_000);
  expect(new Set(pending.map(({ streamId }) => streamId))).toEqual(new Set(heads.keys()));
  for (const { streamId } of pending) expect(await runner.project(streamId)).toBe('current');
  expect(await database.query('select stream_id from pending')).toEqual([]);
  for (const streamId of heads.keys()) {
    const oracle = new Oracle(streamId, await eventsUpTo(log, streamId, Number.MAX_SAFE_INTEGER), epoch);
    const page = await messages.page(READER, streamId, { limit: 1_000 });
    expect({ streamId, items: page.items }).toEqual({ streamId, items: oracle.page() });
    const found = await conversations.get(READER, streamId);
    expect(found?.conversation).toEqual(oracle.conversation());
  }
}
