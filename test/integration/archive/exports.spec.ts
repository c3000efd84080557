import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { Exports } from '#archive';
import { BlobStore } from '#event-log';
import { Database } from '#platform';
import { contentsOf, insertOdd } from '../../support/archives.js';
import {
  event,
  eventLogOn,
  openEventLog,
  openTurnOf,
  TENANT,
  unitOf,
  type LogFixture,
} from '../../support/event-log.js';
import { ForkTree } from '../../support/fork-tree.js';
import { createTestDatabase } from '../../support/postgres.js';
import { createPrng } from '../../support/prng.js';

let source: LogFixture;
beforeAll(async () => void (source = await openEventLog()));
afterAll(() => source?.close());

async function exported(id: string): Promise<Buffer> {
  const to = new PassThrough();
  const [bytes] = await Promise.all([buffer(to), new Exports(source.database).exportStream(id, to)]);
  return bytes;
}

const imported = (database: Database, bytes: Buffer) =>
  // in small pieces, as a slow disk gives them
  new Exports(database).importStream(Readable.from(pieces(bytes), { objectMode: false }));

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

async function onEmpty(work: (database: Database) => Promise<void>): Promise<void> {
  const { url, drop } = await createTestDatabase();
  const database = await Database.connect({ url, poolSize: 2 });
  try {
    await work(database);
  } finally {
    await database.end();
    await drop();
  }
}

const rowsOf = (database: Database, table: string, id: string) =>
  database.query(`select t::text as line from ${table} t where stream_id = $1 order by 1`, [id]);

const written = (path: string, { sha256, size }: { sha256: string; size: number }) =>
  event('FileWritten', { path, sha256, size });

/** A project with two files, and a conversation whose tool gave a result that is too large for the log. */
async function withContents(): Promise<{ projectId: string; conversationId: string }> {
  const [page, style, result] = await new BlobStore(source.database).put(TENANT, [
    '<p>\u0000</p>',
    'p {}',
    'long '.repeat(999),
  ]);
  await new BlobStore(source.database).put('someone else', ['<p>\u0000</p>', 'not of this project']);
  const [projectId, conversationId] = [randomUUID(), randomUUID()];
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'project' as const };
  const events = [
    event('ProjectCreated', { title: 'P' }),
    written('index.html', page!),
    written('a.css', style!),
  ];
  await source.log.append({
    appends: [{ streamId: projectId, tenantId: TENANT, expectedSeq: 0, events, create }],
  });
  const tool = event('ToolCallSucceeded', { result: `"sha256":"${'0'.repeat(64)}"`, resultBlob: result });
  await source.log.append(unitOf(conversationId, 0, [event('ConversationStarted'), tool]));
  return { projectId, conversationId };
}

describe('an exported stream', () => {
  it('is imported byte for byte, and once, however often', async () => {
    const id = await insertOdd(source.database);
    const bytes = await exported(id);
    await onEmpty(async (database) => {
      expect(await imported(database, bytes)).toMatchObject({
        streamId: id,
        outcome: 'imported',
        streams: 1,
        events: 5,
      });
      const once = await contentsOf(database);
      expect(await rowsOf(database, 'events', id)).toEqual(await rowsOf(source.database, 'events', id));
      expect(await rowsOf(database, 'streams', id)).toEqual(await rowsOf(source.database, 'streams', id));
      expect(await rowsOf(database, 'pending', id)).toHaveLength(1);
      expect(await imported(database, bytes)).toMatchObject({
        outcome: 'already_there',
        streams: 0,
        events: 0,
      });
      expect(await contentsOf(database)).toEqual(once);
    });
  });

  it('that is a fork brings its ancestors up to where it was forked off; they can come whole later', async () => {
    const tree = new ForkTree(source.log, createPrng('exports of forks'));
    const root = await tree.root(30);
    const child = await tree.fork(root, 20);
    await tree.goOn(child, 10);
    const grandchild = await tree.fork(child, child.truth.length - 2);
    await tree.goOn(root, 10);
    const [bytes, whole] = [await exported(grandchild.streamId), await exported(root.streamId)];
    await onEmpty(async (database) => {
      const log = eventLogOn(database);
      expect(await imported(database, bytes)).toMatchObject({ outcome: 'imported', streams: 3 });
      const shown = await log.read(grandchild.streamId);
      expect(shown.map(({ type, data }) => [type, data])).toEqual(
        grandchild.truth.map(({ type, data }) => [type, data]),
      );
      expect(await log.head(root.streamId)).toBe(20);
      expect(await imported(database, bytes)).toMatchObject({ outcome: 'already_there' });
      const rest = root.truth.length - 20;
      expect(await imported(database, whole)).toMatchObject({
        outcome: 'extended',
        streams: 0,
        events: rest,
      });
      expect(await rowsOf(database, 'events', root.streamId)).toEqual(
        await rowsOf(source.database, 'events', root.streamId),
      );
      // what it had is older than what is there now
      expect(await imported(database, bytes)).toMatchObject({ outcome: 'already_there' });
    });
  });

  it('brings the contents that its files and large results name, and no others', async () => {
    const { projectId, conversationId } = await withContents();
    const [project, conversation] = [await exported(projectId), await exported(conversationId)];
    await onEmpty(async (database) => {
      expect(await imported(database, project)).toMatchObject({
        kind: 'project',
        outcome: 'imported',
        blobs: 2,
      });
      expect(await imported(database, project)).toMatchObject({ outcome: 'already_there', blobs: 0 });
      expect(await imported(database, conversation)).toMatchObject({ outcome: 'imported', blobs: 1 });
      const blobs = await database.query(
        'select tenant_id, sha256, size, deflated from blobs order by sha256',
      );
      const there =
        'select tenant_id, sha256, size, deflated from blobs where tenant_id = $1 order by sha256';
      expect(blobs).toEqual(await source.database.query(there, [TENANT]));
    });
  });

  it('with an open turn leaves it to the reaper, until more of the stream brings its end', async () => {
    const turn = await openTurnOf(source.log);
    const { streamId, turnId } = turn;
    await source.log.append(unitOf(streamId, 1, [event('TurnStarted', { turnId, note: '\u0000' })]));
    const open = await exported(streamId);
    await source.log.append(unitOf(streamId, 2, [event('TurnCompleted', { turnId })], { closeTurn: turn }));
    const ended = await exported(streamId);
    await onEmpty(async (database) => {
      await imported(database, open);
      expect(await eventLogOn(database).expiredTurns(10)).toMatchObject([{ streamId, turnId }]);
      await imported(database, ended);
      expect(await database.query('select * from turns')).toEqual([]);
    });
  });

  it('is refused, and nothing of it kept, where the log has something else under its ids', async () => {
    const id = randomUUID();
    await source.log.append(unitOf(id, 0, [event('A'), event('B')]));
    const bytes = await exported(id);
    await onEmpty(async (database) => {
      await eventLogOn(database).append(unitOf(id, 0, [event('A')]));
      const before = await contentsOf(database);
      await expect(imported(database, bytes)).rejects.toMatchObject({
        code: 'different',
        message: expect.stringContaining(id),
      });
      expect(await contentsOf(database)).toEqual(before);
    });
  });

  it.each([
    [
      'a byte changed',
      (text: string) => text.replace('"word":"blue"', '"word":"blux"').replace('blue', 'blux'),
      'SHA-256',
    ],
    ['a line left out', (text: string) => text.split('\n').toSpliced(2, 1).join('\n'), 'lines'],
    [
      'its end cut off',
      (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1),
      'cut off',
    ],
    ['half a line', (text: string) => text.slice(0, text.length >> 1), 'no JSON'],
    ['nothing in it', () => '', 'no JSON'],
    [
      'another first line',
      (text: string) => text.replace('lol-chat-log-stream', 'something'),
      'no exported stream',
    ],
  ])('with %s is refused, and nothing of it kept', async (_, damage, what) => {
    const id = randomUUID();
    await source.log.append(unitOf(id, 0, [event('A', { word: 'blue' }), event('B')]));
    const bytes = Buffer.from(damage((await exported(id)).toString('utf8')));
    await onEmpty(async (database) => {
      await expect(imported(database, bytes)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(what),
      });
      expect(await database.query('select * from streams')).toEqual([]);
    });
  });

  it('is not made of what is not there', async () => {
    await expect(exported(randomUUID())).rejects.toMatchObject({ code: 'absent' });
    await expect(exported('my conversation')).rejects.toMatchObject({ code: 'absent' });
  });
});
