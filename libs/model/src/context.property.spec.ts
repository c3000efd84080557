import { createPrng, type Prng } from '../../../test/support/prng.js';
import { RandomStory } from '../../../test/support/random-story.js';
import { requestProblem } from '../../../test/support/request-rules.js';
import { conversationId } from '../../../test/support/story.js';
import { readContext, type ContextSource } from './context-reader.js';
import { buildRequest, type RequestSettings } from './context.js';
import { deltaEventType, type LoggedEvent } from './events.js';
import { foldEvents } from './evolve.js';
import { requestParams, rebuildRequest } from './rebuild-request.js';

const tools = [{ name: 'Clock', description: 'Tells the time', input_schema: { type: 'object' } }];

function settingsOf(prng: Prng): RequestSettings {
  return { model: 'm', system: 'Be brief.', maxTokens: 100, contextTokens: prng.between(40, 4000), tools };
}

function tipOf(story: RandomStory, prng: Prng): string | null {
  const ids = Object.values(story.state.messages)
    .filter(({ removed }) => !removed)
    .map(({ id }) => id);
  return ids.length === 0 ? null : prng.pick([...ids.slice(-4), ...ids]);
}

/** The log as its readers see it, and how much of it they read. */
function sourceOf(events: readonly LoggedEvent[]): ContextSource & { read: Set<number> } {
  const read = new Set<number>();
  const take = (found: LoggedEvent[]): Promise<LoggedEvent[]> => {
    for (const { seq } of found) read.add(seq);
    return Promise.resolve(found);
  };
  return {
    read,
    before: (seq, limit) =>
      take(
        events
          .filter((event) => event.seq < seq && event.type !== deltaEventType)
          .toReversed()
          .slice(0, limit),
      ),
    deltas: (from, to) =>
      take(events.filter(({ type, seq }) => type === deltaEventType && seq >= from && seq <= to)),
  };
}

describe('requests of random conversations', () => {
  const prng = createPrng('requests of random conversations');
  const stories = Array.from({ length: 12 }, () => {
    const story = new RandomStory(prng);
    for (let step = 0; step < 250; step += 1) story.step();
    return story;
  });

  it('are such as the Messages API takes', () => {
    for (const story of stories) {
      for (let round = 0; round < 20; round += 1) {
        const tipId = tipOf(story, prng);
        if (tipId === null) continue;
        const { request } = buildRequest(story.state, tipId, settingsOf(prng));
        expect(requestProblem(request)).toBeNull();
      }
    }
  });

  it('are made of the events from fromSeq on alone', () => {
    let shorter = 0;
    for (const story of stories) {
      for (let round = 0; round < 20; round += 1) {
        const tipId = tipOf(story, prng);
        if (tipId === null) continue;
        const settings = settingsOf(prng);
        const full = buildRequest(story.state, tipId, settings);
        const suffix = story.events.filter(({ seq }) => seq >= full.fromSeq && seq <= full.toSeq);
        const rebuilt = buildRequest(foldEvents(conversationId, suffix), tipId, settings);
        expect({ ...rebuilt, decided: true }).toEqual({ ...full, decided: true });
        if (full.fromSeq > 2) shorter += 1;
      }
    }
    expect(shorter).toBeGreaterThan(0);
  });

  it('are the same from a state that was read backwards only as far as they need', async () => {
    let spared = 0;
    for (const story of stories) {
      for (let round = 0; round < 10; round += 1) {
        const tipId = tipOf(story, prng);
        if (tipId === null) continue;
        const settings = settingsOf(prng);
        const seq = story.state.seq;
        const source = sourceOf(story.events);
        const state = await readContext(
          source,
          { conversationId, seq, tipId },
          settings,
          prng.between(1, 40),
        );
        expect(buildRequest(state, tipId, settings)).toEqual(buildRequest(story.state, tipId, settings));
        if (!source.read.has(1)) spared += 1;
      }
    }
    // the case was there: how often is chance
    expect(spared).toBeGreaterThan(0);
  });

  it('are rebuilt from what ModelRequested tells', () => {
    let rebuilt = 0;
    for (const story of stories) {
      for (const { seq } of story.events.filter(({ type }) => type === 'ModelRequested')) {
        const before = story.events.filter((event) => event.seq < seq);
        const state = foldEvents(conversationId, before);
        const settings = settingsOf(prng);
        const { request, fromSeq, toSeq } = buildRequest(state, state.turn!.tipId, settings);
        const params = requestParams(settings);
        const requested = { turnId: '', step: 1, fromSeq, toSeq, model: 'm', params, sha256: '' };
        const range = before.filter((event) => event.seq >= fromSeq && event.seq <= toSeq);
        expect(rebuildRequest(conversationId, range, requested).request).toEqual(request);
        rebuilt += 1;
      }
    }
    expect(rebuilt).toBeGreaterThan(0);
  });
});
