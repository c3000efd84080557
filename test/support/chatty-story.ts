import { isOpen, type ConversationCommand, type LoggedEvent } from '#model';
import type { Prng } from './prng.js';
import { RandomStory } from './random-story.js';

/**
 * A random story with what is rare in one: rows that grow by many chunks, with other things between the chunks, and many
 * turns of which some are cut off amid an answer.
 */
export function chattyStory(prng: Prng, steps: number): LoggedEvent[] {
  const story = new RandomStory(prng);
  chatter(prng, story, steps);
  return story.events;
}

/** Goes on with a story in that way, on what it has so far too. */
export function chatter(prng: Prng, story: RandomStory, steps: number): void {
  const growing: string[] = Object.keys(story.state.messages).slice(-3);
  for (let i = 0; i < steps; i += 1) {
    if (prng.next() < 0.1) {
      const messageId = story.newId();
      const role = 'assistant' as const;
      story.tryToDo({ type: 'postMessage', messageId, role, content: '', streamingStatus: 'pending' });
      growing.push(messageId);
    }
    const messageId = growing.at(prng.between(-2, -1));
    if (messageId !== undefined && prng.next() < 0.3) {
      for (let n = prng.between(1, 8); n > 0; n -= 1) {
        story.tryToDo({
          type: 'appendChunk',
          messageId,
          chunk: prng.pick(['a', ' word', '\u0000', '\ud83d', 'x'.repeat(40)]),
        });
      }
      if (prng.next() < 0.2) story.tryToDo({ type: 'completeMessage', messageId });
    }
    const { turn } = story.state;
    if (!isOpen(turn) && prng.next() < 0.2) {
      const [turnId, messageId] = [story.newId(), story.newId()];
      story.tryToDo({ type: 'requestTurn', turnId, messageId, prompt: 'Go on' });
    } else if (isOpen(turn) && prng.next() < 0.06) {
      const { turnId } = turn;
      story.tryToDo(
        prng.pick<ConversationCommand>([
          { type: 'cancelTurn', turnId },
          { type: 'interruptTurn', turnId, reason: 'lease_expired' },
          { type: 'failTurn', turnId, code: 'overloaded', message: 'too much' },
        ]),
      );
    }
    story.step();
  }
}
