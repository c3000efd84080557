import { randomUUID } from 'node:crypto';
import type { Conversation } from '#contracts';
import { currentVersions, type DomainEvent, type LoggedEvent } from '#model';
import { inParallel } from '../../support/conversation-probe.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import { appendLogged, openProjections, READER, type ProjectionFixture } from '../../support/projections.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const projects = [randomUUID(), randomUUID()];

function after(seq: number, ...events: DomainEvent[]): LoggedEvent[] {
  return events.map(({ type, data }, index) => {
    return { seq: seq + 1 + index, type, at: '', schemaVersion: currentVersions[type], data, metadata: {} };
  });
}

function posted(text: string): DomainEvent {
  const messageId = randomUUID();
  return {
    type: 'MessagePosted',
    data: { messageId, parentId: null, role: 'user', content: [{ type: 'text', text }] },
  };
}

/** What happens to a conversation after its start, before and after the workers stop. */
function happening(prng: Prng): DomainEvent[] {
  const turnId = randomUUID();
  return prng.pick<DomainEvent[]>([
    [],
    [posted(`Hello ${prng.between(1, 99)}`)],
    [{ type: 'ConversationRenamed', data: { title: `Title \u0000 ${prng.between(1, 99)}` } }],
    [{ type: 'ConversationTrashed', data: {} }],
    [
      { type: 'ConversationTrashed', data: {} },
      { type: 'ConversationRestored', data: {} },
    ],
    [{ type: 'ConversationArchived', data: {} }],
    [{ type: 'ConversationProjectLinked', data: { projectId: prng.pick(projects) } }],
    [posted('Ask'), { type: 'TurnRequested', data: { turnId, messageId: randomUUID() } }],
  ]);
}

/** Conversations of which some are projected, some behind, some never projected; started in bunches of equal times. */
async function make(count: number, prng: Prng, ownerId = 'owner'): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count) {
    const bunch = Array.from({ length: Math.min(100, count - made.length) }, () => randomUUID());
    const kinds = bunch.map(() => prng.between(0, 5));
    const events = bunch.map(() => {
      const projectId = prng.pick([undefined, ...projects]);
      return {
        first: after(0, { type: 'ConversationStarted', data: { projectId } }, ...happening(prng)),
        later: happening(prng),
      };
    });
    await Promise.all(bunch.map((id, i) => appendLogged(open.log, id, events[i]!.first, ownerId)));
    await Promise.all(bunch.filter((_, i) => kinds[i] === 0).map((id) => open.runner.project(id)));
    await Promise.all(
      bunch.map((id, i) =>
        appendLogged(open.log, id, after(events[i]!.first.length, ...events[i]!.later), ownerId),
      ),
    );
    made.push(...bunch);
  }
  return made;
}

/** Every conversation by itself, from its log; a few at a time, as thousands would wait too long for a connection. */
async function oracles(ids: string[]): Promise<Conversation[]> {
  const epoch = await open.log.epoch();
  const folded: Conversation[] = [];
  await inParallel(ids, 4, async (id) => {
    folded.push(new Oracle(id, await eventsUpTo(open.log, id, 1_000), epoch).conversation());
  });
  return folded;
}

function listOf(
  all: Conversation[],
  { trashed = false, projectId }: { trashed?: boolean; projectId?: string } = {},
): Conversation[] {
  return all
    .filter(
      (one) =>
        (trashed || one.trashedAt === undefined) && (projectId === undefined || one.projectId === projectId),
    )
    .toSorted((a, b) =>
      a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1,
    );
}

async function walk(
  limit: number,
  filter: { projectId?: string; includeTrashed?: boolean } = {},
): Promise<Conversation[]> {
  const all: Conversation[] = [];
  let after: string | undefined;
  do {
    const page = await open.conversations.list(READER, { limit, after, ...filter });
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all;
}

describe('lists of conversations', () => {
  it('are exact with thousands of streams behind: forward, backward, by offset, of a project, with the trash', async () => {
    const prng = createPrng('exact lists');
    const made = await make(2_500, prng);
    await make(20, prng, 'someone else');
    const all = await oracles(made);
    const expected = listOf(all);
    expect(await walk(317)).toEqual(expected);
    expect(await walk(500, { includeTrashed: true })).toEqual(listOf(all, { trashed: true }));
    const [projectId] = projects;
    expect(await walk(200, { projectId })).toEqual(listOf(all, { projectId }));
    for (let round = 0; round < 8; round += 1) {
      const offset = prng.between(0, expected.length + 5);
      const limit = prng.between(1, 60);
      const page = await open.conversations.list(READER, { limit, offset });
      expect(page.items).toEqual(expected.slice(offset, offset + limit));
      if (page.next === undefined) continue;
      const next = await open.conversations.list(READER, { limit: 7, after: page.next });
      expect(next.items).toEqual(expected.slice(offset + limit, offset + limit + 7));
      const back = await open.conversations.list(READER, { limit: 5, before: next.prev });
      expect(back.items).toEqual(expected.slice(Math.max(0, offset + limit - 5), offset + limit));
      expect(back.prev !== undefined).toBe(offset + limit > 5);
    }
  }, 120_000);

  it('refuse, after a moment of projecting, when more than 5,000 streams are behind', async () => {
    const many = Array.from({ length: 6_000 }, () => randomUUID());
    await Promise.all(
      many.map((id) =>
        appendLogged(open.log, id, after(0, { type: 'ConversationStarted', data: {} }), 'busy'),
      ),
    );
    const busy = { tenantId: READER.tenantId, userId: 'busy' };
    const reader = await open.another();
    const outcomes: string[] = [];
    for (let tries = 0; tries < 100 && outcomes.at(-1) !== 'answered'; tries += 1) {
      outcomes.push(
        await reader.conversations.list(busy, { limit: 10 }).then(
          ({ items }) => (items.length === 10 ? 'answered' : 'short'),
          (error: Error) => error.name,
        ),
      );
    }
    expect(outcomes.at(-1)).toBe('answered');
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(outcomes.length > 1 ? ['ReadUnavailable'] : []));
  }, 120_000);
});
