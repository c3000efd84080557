import { createPrng } from '../../../test/support/prng.js';
import { RandomStory } from '../../../test/support/random-story.js';
import { factsFor, Story } from '../../../test/support/story.js';
import type { ConversationCommand, Facts } from './commands.js';
import { decide } from './decide.js';
import { deltaEventType } from './events.js';
import { evolve } from './evolve.js';
import { prune } from './prune.js';
import { DomainRefusal } from './refusal.js';
import { copyState, type ConversationState } from './state.js';

/** What a caller sees of a decision: events and answer, or the refusal. */
function outcome(state: ConversationState, command: ConversationCommand, facts: Facts): unknown {
  try {
    return decide(state, command, facts);
  } catch (error) {
    if (!(error instanceof DomainRefusal)) throw error;
    const { code, status, field, details, message } = error;
    return { code, status, field, details, message };
  }
}

function toMeet(met: ReadonlyMap<string, number>): string[] {
  return [
    'postMessage decided',
    'postMessage not_found',
    'postMessage turn_in_progress',
    'editMessage turn_in_progress',
    'removeMessage turn_in_progress',
    'regenerate decided',
    'regenerate nothing_to_answer',
    'requestTurn decided',
    'cancelTurn decided',
    'cancelTurn turn_finished',
    'cancelTurn not_found',
    'selectBranch conversation_trashed',
  ].filter((kind) => !met.has(kind));
}

it('decides on the pruned state and the events after it, without deltas, as on the full state', () => {
  const prng = createPrng('pruned states');
  const outcomes = new Map<string, number>();
  // some are rare: a story goes on until it has met what the rounds are for, within a bound
  for (let round = 0; round < 25 || (toMeet(outcomes).length > 0 && round < 250); round += 1) {
    const story = new RandomStory(prng);
    let pruned = prune(story.state);
    let read = story.events.length;
    for (let step = 0; step < 250; step += 1) {
      story.step();
      for (const event of story.events.slice(read)) {
        if (event.type !== deltaEventType) pruned = evolve(pruned, event);
      }
      read = story.events.length;
      pruned.seq = story.state.seq;
      if (prng.next() < 0.2) pruned = JSON.parse(JSON.stringify(prune(pruned)));
      const command = story.anyCommand();
      const full = outcome(story.state, command, { messages: {}, turns: story.turns });
      expect(outcome(pruned, command, factsFor(pruned, command, story))).toEqual(full);
      const kind = `${command.type} ${(full as { code?: string }).code ?? 'decided'}`;
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    }
  }
  expect(toMeet(outcomes)).toEqual([]);
});

it('keeps none of the finished messages, and all of the removed ids', () => {
  const story = new Story().start();
  const first = story.post('user', 'Hi');
  story.post('assistant', 'Hello');
  story.do({ type: 'removeMessage', messageId: first });
  const { messages, removedIds, leafId } = prune(story.state);
  expect(messages).toEqual({});
  expect(removedIds).toEqual({ [first]: true });
  expect(leafId).toBe(story.state.leafId);
});

it('keeps the unfinished rows of the open turn, without the deltas', () => {
  const story = new Story().start();
  story.turn('Time?');
  const answerId = story.begin();
  story.deltas({ type: 'message_start', message: { content: [] } });
  expect(Object.keys(prune(story.state).messages)).toEqual([answerId]);
  expect(prune(story.state).inFlight).toMatchObject({ messageId: answerId, fold: { message: null } });
  story.complete({ content: [{ type: 'tool_use', id: 't', name: 'Clock', input: {} }] });
  const rowId = story.call('t', answerId);
  expect(Object.keys(prune(story.state).messages)).toEqual([rowId]);
});

it('leaves the state that it prunes as it was', () => {
  const story = new Story().start();
  story.turn('Time?');
  const before = structuredClone(story.state);
  const pruned = prune(story.state);
  evolve(pruned, { seq: 9, type: 'nonsense', at: '', schemaVersion: 1, data: {}, metadata: {} });
  expect(story.state).toEqual(before);
  expect(copyState(story.state)).toEqual(before);
});
