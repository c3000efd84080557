import { randomUUID } from 'node:crypto';
import { currentVersions, type DomainEvent, type LoggedEvent } from '#model';
import { spyOnPlans, type ScanSeen } from '../../support/plan-spy.js';
import {
  appendLogged,
  openProjections,
  projectionProcess,
  READER,
  type ProjectionFixture,
  type ProjectionProcess,
} from '../../support/projections.js';

const MESSAGES = 6_000;
const CONVERSATIONS = 2_000;
/** No page of 50 may go over more rows of a table than this. */
const MOST_ROWS = 400;

let open: ProjectionFixture;
let reader: ProjectionProcess;
const long = randomUUID();
const projectId = randomUUID();
const seen: ScanSeen[] = [];
const ids: string[] = [];

function numbered(after: number, events: DomainEvent[]): LoggedEvent[] {
  return events.map(({ type, data }, index) => {
    return { seq: after + 1 + index, type, at: '', schemaVersion: currentVersions[type], data, metadata: {} };
  });
}

function chain(count: number): DomainEvent[] {
  return Array.from({ length: count }, () => {
    const messageId = randomUUID();
    const parentId = ids.at(-1) ?? null;
    ids.push(messageId);
    return {
      type: 'MessagePosted',
      data: { messageId, parentId, role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    };
  });
}

/** A fourth is in the list, the others in the trash; a ninth belongs to the project. */
const started = (i: number): DomainEvent => ({
  type: 'ConversationStarted',
  data: i % 9 === 0 ? { projectId } : {},
});
const trashed: DomainEvent = { type: 'ConversationTrashed', data: {} };
const posted = (): DomainEvent => ({
  type: 'MessagePosted',
  data: { messageId: randomUUID(), parentId: null, role: 'user', content: [] },
});
const told = (i: number) =>
  numbered(0, i % 4 === 0 ? [started(i), posted()] : [started(i), posted(), trashed]);

beforeAll(async () => {
  open = await openProjections();
  reader = await projectionProcess(open.url, undefined, (database) => spyOnPlans(database, seen));
  const events = numbered(0, [{ type: 'ConversationStarted', data: {} }, ...chain(MESSAGES)]);
  for (let at = 0; at < events.length; at += 500)
    await appendLogged(open.log, long, events.slice(at, at + 500));
  const renames = Array.from({ length: 600 }, (_, i): DomainEvent => ({
    type: 'ConversationRenamed',
    data: { title: `${i}` },
  }));
  await appendLogged(open.log, long, numbered(events.length, renames));
  await open.runner.project(long);
  const many = Array.from({ length: CONVERSATIONS }, () => randomUUID());
  await Promise.all(many.map((id, i) => appendLogged(open.log, id, told(i))));
  while ((await open.sweeper.sweep()) > 0);
  await open.database.query('vacuum analyze');
}, 240_000);

afterAll(async () => {
  await reader?.close();
  await open?.close();
});

const large = /^(messages|conversations|message_|moments|events|streams|projection_checkpoints|entities)/;

/** Runs a read and gives the scans of large tables that it did. */
async function scansOf(read: () => Promise<unknown>): Promise<ScanSeen[]> {
  seen.length = 0;
  await read();
  return seen.filter(({ relation }) => large.test(relation));
}

function expectNarrow(scans: ScanSeen[]): void {
  expect(scans.length).toBeGreaterThan(0);
  const wide = scans.filter(({ scan, rows }) => scan === 'Seq Scan' || rows > MOST_ROWS);
  expect(wide).toEqual([]);
}

describe('the queries of a page', () => {
  it.each([
    ['conversations', {}, /by_owner/],
    ['conversations of a project', { projectId }, /by_project/],
    ['conversations with the trash', { includeTrashed: true }, /with_trash/],
  ])('of %s go over that page alone, by its own index', async (_, filter, index) => {
    const first = await reader.conversations.list(READER, { limit: 50, ...filter });
    const scans = await scansOf(async () => {
      const next = await reader.conversations.list(READER, { limit: 50, after: first.next, ...filter });
      await reader.conversations.list(READER, { limit: 50, before: next.prev, ...filter });
    });
    expectNarrow(scans);
    const used = scans
      .filter(({ relation }) => relation.startsWith('conversations'))
      .map((scan) => scan.index);
    expect(used.length).toBe(2);
    for (const name of used) expect(partitionIndexes[name!]).toMatch(index);
  });

  it('of messages go over that page alone, anywhere in a long conversation', async () => {
    const middle = await reader.messages.page(READER, long, { limit: 1, offset: MESSAGES / 2 });
    expectNarrow(await scansOf(() => reader.messages.page(READER, long, { limit: 50 })));
    expectNarrow(await scansOf(() => reader.messages.page(READER, long, { limit: 50, after: middle.next })));
    expectNarrow(await scansOf(() => reader.messages.page(READER, long, { limit: 50, before: middle.prev })));
    expectNarrow(await scansOf(() => reader.messages.page(READER, long, { limit: 50, at: 30 })));
  });

  it('of one message or conversation are a few rows', async () => {
    expectNarrow(await scansOf(() => reader.messages.get(READER, ids[MESSAGES / 2]!)));
    expectNarrow(await scansOf(() => reader.conversations.get(READER, long)));
    expectNarrow(await scansOf(() => reader.conversations.get(READER, long, { at: MESSAGES / 2 })));
  });

  it('of a state go over its page alone, at any seq, and of a timeline over its marks', async () => {
    for (const at of [30, MESSAGES / 2, MESSAGES]) {
      expectNarrow(await scansOf(() => reader.conversations.state(READER, long, { at, limit: 50 })));
      expectNarrow(await scansOf(() => reader.times.seqAt(READER, long, '2100-01-01T00:00:00Z')));
    }
    const scans = await scansOf(() => reader.conversations.timeline(READER, long));
    const rows = scans.reduce((sum, scan) => sum + scan.rows, 0);
    expect(scans.filter(({ scan }) => scan === 'Seq Scan')).toEqual([]);
    // 2,000 marks and 200 stretches, a look-up each
    expect(rows).toBeLessThan(2_600);
  });

  it('fold the tail and its rows, not the conversation, when the projection lags', async () => {
    const head = await open.log.head(long);
    await appendLogged(
      open.log,
      long,
      numbered(head, [...chain(20), { type: 'BranchSelected', data: { leafId: ids[10]! } }]),
    );
    expectNarrow(await scansOf(() => reader.messages.page(READER, long, { limit: 50 })));
    expectNarrow(await scansOf(() => reader.conversations.get(READER, long)));
    expectNarrow(await scansOf(() => reader.conversations.list(READER, { limit: 50 })));
  });
});

/** Index of the partition → index of the table. */
const partitionIndexes: Record<string, string> = {};
beforeAll(async () => {
  const rows = await open.database.query<{ part: string; whole: string }>(
    'select inhrelid::regclass::text as part, inhparent::regclass::text as whole from pg_inherits',
  );
  for (const { part, whole } of rows) partitionIndexes[part] = whole;
});
