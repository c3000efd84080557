import { randomUUID } from 'node:crypto';
import type { LoggedEvent } from '#model';
import { chatter } from '../../support/chatty-story.js';
import { TENANT } from '../../support/event-log.js';
import { ForkTree } from '../../support/fork-tree.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { ProjectStory, randomCommand } from '../../support/project-story.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { RandomStory } from '../../support/random-story.js';
import { verifyingOn, type Verifying } from '../../support/verifying.js';

let open: ProjectionFixture;
let verifying: Verifying;
beforeAll(async () => {
  open = await openProjections();
  verifying = verifyingOn(open);
});
afterAll(async () => {
  await verifying?.close();
  await open?.close();
});

/** A random project's events, appended in units; `between` is called after each. */
async function tellProject(
  prng: Prng,
  steps: number,
  between: (id: string) => Promise<unknown>,
): Promise<void> {
  const streamId = randomUUID();
  const story = new ProjectStory();
  for (let i = 0; i < steps; i += 1) story.try(randomCommand(prng, story.state));
  for (let at = 0; at < story.events.length;) {
    const piece = story.events.slice(at, at + prng.between(1, 9));
    const create = at === 0 ? { tenantId: TENANT, ownerId: 'owner', kind: 'project' as const } : undefined;
    const events = piece.map(({ type, schemaVersion, data }) => {
      return { eventId: randomUUID(), type, schemaVersion, data, metadata: {} };
    });
    await open.log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: at, create, events }] });
    at += piece.length;
    await between(streamId);
  }
}

/** As if the turns changed files of a project, and cost tokens. */
function workedOn(projectId: string, event: LoggedEvent): LoggedEvent {
  const data = event.data as Record<string, unknown>;
  if (/^(TurnStarted|ToolCallSucceeded)$/.test(event.type))
    return { ...event, data: { ...data, projectId, projectSeq: event.seq } };
  if (event.type !== 'AssistantMessageCompleted') return event;
  return { ...event, data: { ...data, usage: { input_tokens: event.seq, cache_read_input_tokens: 7 } } };
}

describe('random conversations, forks and projects', () => {
  it('verify clean at any lag, wherever their batches ended', async () => {
    const prng = createPrng('verify clean');
    const sometimes = async (streamId: string): Promise<void> => {
      if (prng.next() < 0.4) await open.runner.project(streamId);
      if (prng.next() < 0.2) expect(await verifying.streams.verify(streamId)).toMatchObject({ findings: [] });
    };
    const tree = new ForkTree(open.log, prng, ({ streamId }) => sometimes(streamId));
    for (let i = 0; i < 6; i += 1) await tree.root(50);
    for (let i = 0; i < 8; i += 1) {
      const fork = await tree.fork(prng.pick(tree.branches));
      await tree.goOn(fork, 20);
      await tree.goOn(prng.pick(tree.branches), 10);
    }
    for (let i = 0; i < 6; i += 1) await tellProject(prng, 40, sometimes);
    const lagging = await verifying.verify();
    expect(lagging.findings).toEqual([]);
    while ((await open.sweeper.sweep()) > 0);
    const { report, findings } = await verifying.verify({ deep: true });
    // the stories call their tools with inputs of their own
    expect(findings.filter(({ kind }) => kind !== 'input_differs')).toEqual([]);
    expect(report).toMatchObject({ streams: 20, compared: 14 * 4 + 6, notReadable: [] });
  }, 240_000);

  it('verify clean where nothing happened in a fork since it was made', async () => {
    const prng = createPrng('verify a bare fork');
    const tree = new ForkTree(open.log, prng, ({ streamId }) => open.runner.project(streamId));
    const root = await tree.root(30);
    for (let i = 0; i < 4; i += 1) {
      const { streamId } = await tree.fork(root);
      expect((await verifying.verify({ streamId })).findings).toEqual([]);
    }
  }, 60_000);

  it('verify clean while others append and project', async () => {
    const prng = createPrng('verify beside traffic');
    const ids = Array.from({ length: 6 }, newStreamId);
    const projecting: Promise<unknown>[] = [];
    let compared = 0;
    const write = async (streamId: string): Promise<void> => {
      const story = new RandomStory(prng);
      chatter(prng, story, 150);
      const events = withOwnIds(story.events, streamId).map((event) => workedOn(streamId, event));
      for (let at = 0; at < events.length; at += 7) {
        await appendLogged(open.log, streamId, events.slice(at, at + 7));
        if (at % 2 === 0) projecting.push(open.runner.project(streamId));
        if (prng.next() > 0.3) continue;
        // of any of them: mostly one that others write just now
        const verdict = await verifying.streams.verify(prng.pick(ids));
        expect(verdict?.findings ?? []).toEqual([]);
        compared += verdict?.compared.length ?? 0;
      }
    };
    await Promise.all(ids.map(write));
    await Promise.all(projecting);
    expect(compared).toBeGreaterThan(0);
    while ((await open.sweeper.sweep()) > 0);
    expect((await verifying.verify({ sample: 10 })).report).toMatchObject({ streams: 10, clean: true });
  }, 240_000);
});
