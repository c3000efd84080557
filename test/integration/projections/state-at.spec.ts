import { currentVersions, type LoggedEvent } from '#model';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { standingOf } from '../../support/standing-oracle.js';
import { idOf } from '../../support/story.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const projects = [idOf(900_001), idOf(900_002)];

/** The story's turns work on a project, and their answers cost tokens. */
function withProject(prng: Prng, events: LoggedEvent[]): LoggedEvent[] {
  let projectSeq = 0;
  return events.map((event) => {
    const data = event.data as Record<string, unknown>;
    if (/^(TurnStarted|ToolCall|Turn(Completed|Failed|Cancelled|Interrupted))/.test(event.type)) {
      if (prng.next() < 0.3) return event;
      projectSeq += prng.between(0, 3);
      const ended = /^Turn(?!Started)/.test(event.type) && prng.next() < 0.5;
      const version = ended && { projectVersion: projectSeq + 1 };
      return { ...event, data: { ...data, projectId: prng.pick(projects), projectSeq, ...version } };
    }
    if (event.type !== 'AssistantMessageCompleted') return event;
    const counts = [
      'input_tokens',
      'output_tokens',
      'cache_creation_input_tokens',
      'cache_read_input_tokens',
    ];
    const usage = prng.pick([null, Object.fromEntries(counts.map((name) => [name, prng.between(0, 9_000)]))]);
    return { ...event, data: { ...data, usage } };
  });
}

/** A conversation whose projections stand at a random event, in the middle of whatever it was. */
async function story(prng: Prng, steps: number): Promise<{ streamId: string; events: LoggedEvent[] }> {
  const streamId = newStreamId();
  const events = withOwnIds(withProject(prng, chattyStory(prng, steps)), streamId);
  const checkpoint = prng.between(0, events.length);
  await appendLogged(open.log, streamId, events.slice(0, checkpoint));
  await open.runner.project(streamId);
  await appendLogged(open.log, streamId, events.slice(checkpoint));
  return { streamId, events: await eventsUpTo(open.log, streamId, events.length) };
}

const whole = { limit: 1_000 };

describe('the state of a conversation', () => {
  it('at every seq is the fold of the events up to it', async () => {
    const prng = createPrng('state at every seq');
    const epoch = await open.log.epoch();
    for (let round = 0; round < 5; round += 1) {
      const { streamId, events } = await story(prng, 40);
      for (let at = 1; at <= events.length; at += 1) {
        const sofar = events.slice(0, at);
        const oracle = new Oracle(streamId, sofar, epoch);
        const state = await open.conversations.state(READER, streamId, { at, ...whole });
        const { writingId, ...standing } = standingOf(streamId, sofar);
        const halfWritten = writingId === undefined ? undefined : oracle.message(writingId);
        expect(state).toEqual({
          seq: at,
          at: events[at - 1]!.at,
          conversation: oracle.conversation(),
          messages: oracle.page(),
          ...(halfWritten && { halfWritten }),
          ...standing,
          markers: [],
        });
      }
    }
  }, 240_000);

  it('gives the newest messages, and by its cursor those before, also from another moment', async () => {
    const prng = createPrng('pages of a state');
    const epoch = await open.log.epoch();
    for (let round = 0; round < 4; round += 1) {
      const { streamId, events } = await story(prng, 60);
      const at = prng.between(1, events.length);
      const expected = new Oracle(streamId, events.slice(0, at), epoch).page();
      const limit = prng.between(1, 5);
      const found = [];
      let before: string | undefined;
      do {
        const state = await open.conversations.state(READER, streamId, { at, limit, before });
        found.unshift(...state!.messages);
        before = state!.prev;
      } while (before !== undefined);
      expect(found).toEqual(expected);
      const first = await open.conversations.state(READER, streamId, { at, limit: 1 });
      if (first!.prev === undefined) continue;
      const later = await open.conversations.state(READER, streamId, { ...whole, before: first!.prev });
      const now = new Oracle(streamId, events, epoch).page();
      expect(later!.messages).toEqual(now.filter(({ seq }) => seq < first!.messages[0]!.seq));
    }
  }, 60_000);

  it('at a time is that after the last event that is not later', async () => {
    const { streamId, events } = await story(createPrng('state at a time'), 40);
    for (const { at } of events) {
      const last = events.filter((event) => event.at <= at).length;
      expect(await open.times.seqAt(READER, streamId, at)).toBe(last);
    }
    expect(await open.times.seqAt(READER, streamId, '2001-01-01T00:00:00Z')).toBe(0);
    expect(await open.times.seqAt(READER, streamId, '2100-01-01T00:00:00Z')).toBe(events.length);
  });

  it('names the events that could not be read, each once', async () => {
    const { streamId, events } = await story(createPrng('unreadable'), 10);
    const bad = { seq: events.length + 1, type: 'TurnRequested', at: '', data: { turnId: 7 }, metadata: {} };
    await appendLogged(open.log, streamId, [{ ...bad, schemaVersion: currentVersions.TurnRequested }]);
    const state = await open.conversations.state(READER, streamId, whole);
    expect(state!.markers).toMatchObject([{ seq: bad.seq, type: 'TurnRequested' }]);
  });
});
