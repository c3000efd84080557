import { randomUUID } from 'node:crypto';
import { lineageAt } from '#event-log';
import { currentVersions, type DomainEvent, type LoggedEvent } from '#model';
import { TENANT } from '../../support/event-log.js';
import { spyOnPlans, type ScanSeen } from '../../support/plan-spy.js';
import {
  appendLogged,
  openProjections,
  projectionProcess,
  READER,
  type ProjectionFixture,
  type ProjectionProcess,
} from '../../support/projections.js';

const MESSAGES = 4_000;
const DEPTH = 20;
/** No page of 50 of a fork of a fork … may go over more rows of a table than this. */
const MOST_ROWS = 600;

let open: ProjectionFixture;
let reader: ProjectionProcess;
const seen: ScanSeen[] = [];
const ids: string[] = [];
let deepest = '';

const numbered = (after: number, events: DomainEvent[]): LoggedEvent[] =>
  events.map(({ type, data }, index) => ({
    seq: after + 1 + index,
    type,
    at: '',
    data,
    metadata: {},
    schemaVersion: currentVersions[type],
  }));

function chain(count: number): DomainEvent[] {
  return Array.from({ length: count }, () => {
    const messageId = randomUUID();
    const parentId = ids.at(-1) ?? null;
    ids.push(messageId);
    const content = [{ type: 'text', text: 'Hello' }];
    return { type: 'MessagePosted', data: { messageId, parentId, role: 'user', content } };
  });
}

/** A fork at the head, with a message of its own and an edit of the newest inherited one. */
async function forkAtHead(parentId: string): Promise<string> {
  const streamId = randomUUID();
  const at = await open.log.head(parentId);
  const lineage = lineageAt((await open.log.info(parentId))!, at);
  const fork = { parentId, lineage };
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const, fork };
  const events = [{ type: 'ConversationForked', data: { parentId, at } }].map((event) => {
    return { ...event, eventId: randomUUID(), schemaVersion: 1, metadata: {} };
  });
  await open.log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: at, events, create }] });
  const edit: DomainEvent = {
    type: 'MessageEdited',
    data: { messageId: ids.at(-1)!, content: [{ type: 'text', text: 'Edited' }] },
  };
  await appendLogged(open.log, streamId, numbered(at + 1, [edit, ...chain(2)]));
  await open.runner.project(streamId);
  return streamId;
}

beforeAll(async () => {
  open = await openProjections();
  reader = await projectionProcess(open.url, undefined, (database) => spyOnPlans(database, seen));
  deepest = randomUUID();
  const events = numbered(0, [{ type: 'ConversationStarted', data: {} }, ...chain(MESSAGES)]);
  for (let at = 0; at < events.length; at += 500)
    await appendLogged(open.log, deepest, events.slice(at, at + 500));
  for (let depth = 0; depth < DEPTH; depth += 1) deepest = await forkAtHead(deepest);
  await open.database.query('vacuum analyze');
}, 240_000);
afterAll(async () => {
  await reader?.close();
  await open?.close();
});

const large = /^(messages|conversations|message_|moments|events|streams|projection_checkpoints|entities)/;

async function expectNarrow(read: () => Promise<unknown>): Promise<void> {
  seen.length = 0;
  await read();
  const scans = seen.filter(({ relation }) => large.test(relation));
  expect(scans.length).toBeGreaterThan(0);
  // a table of a few rows may be gone over as a whole
  expect(scans.filter(({ rows }) => rows > MOST_ROWS)).toEqual([]);
}

describe('the queries of a page of a deep fork', () => {
  it('go over that page alone, before, at and after the seams', async () => {
    const middle = await reader.messages.page(READER, deepest, { limit: 1, offset: MESSAGES / 2 });
    const head = await open.log.head(deepest);
    await expectNarrow(() => reader.messages.page(READER, deepest, { limit: 50 }));
    await expectNarrow(() => reader.messages.page(READER, deepest, { limit: 50, after: middle.next }));
    await expectNarrow(() => reader.messages.page(READER, deepest, { limit: 50, before: middle.prev }));
    await expectNarrow(() => reader.messages.page(READER, deepest, { limit: 50, at: 30 }));
    await expectNarrow(() => reader.conversations.state(READER, deepest, { limit: 50 }));
    await expectNarrow(() => reader.conversations.state(READER, deepest, { limit: 50, at: head - 10 }));
    await expectNarrow(() => reader.messages.get(READER, ids[7]!, { conversationId: deepest }));
    await expectNarrow(() => reader.conversations.get(READER, deepest));
    await expectNarrow(() => reader.conversations.list(READER, { limit: 50, forkedFrom: deepest }));
  });

  it('and of a fork that was not projected yet, too', async () => {
    const at = await open.log.head(deepest);
    const streamId = randomUUID();
    const fork = { parentId: deepest, lineage: lineageAt((await open.log.info(deepest))!, at) };
    const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const, fork };
    const event = {
      type: 'ConversationForked',
      data: { parentId: deepest, at },
      schemaVersion: 1,
      metadata: {},
    };
    const events = [{ ...event, eventId: randomUUID() }];
    await open.log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: at, events, create }] });
    // what it began with is folded once, from all events before the seam, and kept
    await reader.messages.page(READER, streamId, { limit: 50 });
    await expectNarrow(() => reader.messages.page(READER, streamId, { limit: 50 }));
    await expectNarrow(() => reader.conversations.get(READER, streamId));
  });
});
