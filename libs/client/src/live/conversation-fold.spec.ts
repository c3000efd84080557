import type { LogEvent, Message } from '#contracts';
import type { LoggedEvent } from '#model';
import { createPrng, quietPrng } from '../../../../test/support/prng.js';
import { RandomStory } from '../../../../test/support/random-story.js';
import { PageOracle } from '../../../../test/support/state-page.js';
import { conversationId } from '../../../../test/support/story.js';
import { ConversationFold } from './conversation-fold.js';

const STORIES = 60;
const STEPS = 150;

/** As the wire has it. */
function onWire({ seq, type, at, data, metadata }: LoggedEvent): LogEvent {
  return structuredClone({ seq, type, at, data, metadata }) as LogEvent;
}

/** A reader that came at some moment, with its page of the messages then. */
class Reader {
  fold: ConversationFold;
  reads = 0;

  constructor(
    private readonly events: readonly LoggedEvent[],
    at: number,
    private readonly limit: number,
  ) {
    this.fold = this.read(at);
  }

  /** One more event; what the fold cannot know is read, as the client reads it. */
  next(event: LoggedEvent): void {
    const { lost, unplaced } = this.fold.apply(onWire(event));
    if (lost) this.fold = this.read(event.seq);
    else if (unplaced !== undefined) this.fold.correctPlace(this.oracle(event.seq).message(unplaced));
  }

  private read(at: number): ConversationFold {
    this.reads += 1;
    const oracle = this.oracle(at);
    const answer = oracle.state.inFlight?.fold ?? null;
    return new ConversationFold({ page: oracle.page({ limit: this.limit }), answer }, this.fold);
  }

  private oracle(at: number): PageOracle {
    return new PageOracle(conversationId, this.events, at);
  }
}

describe('a state that was read, and the events after it', () => {
  const prng = createPrng('conversation-fold');

  it(`are the state that the whole log makes, in ${STORIES} random conversations`, () => {
    let compared = 0;
    let reads = 0;
    for (let n = 0; n < STORIES; n += 1) {
      const seed = prng.between(1, 2 ** 31);
      const random = quietPrng(seed);
      const story = new RandomStory(random);
      for (let step = 0; step < STEPS; step += 1) story.step();
      const { events } = story;
      const at = random.between(1, events.length);
      const reader = new Reader(events, at, random.pick([1, 3, 10, 1_000]));
      for (const event of events.slice(at)) {
        reader.next(event);
        if (random.next() > 0.1 && event.seq < events.length) continue;
        const oracle = new PageOracle(conversationId, events, event.seq);
        const { conversation } = oracle.page();
        const messages = reader.fold.messages();
        const expected = messages.length === 0 ? [] : oracle.path.slice(-messages.length);
        expect({ seed, seq: event.seq, messages }).toEqual({ seed, seq: event.seq, messages: expected });
        expect({ seed, conversation: reader.fold.conversation }).toEqual({ seed, conversation });
        // nothing is hidden: either the first message is shown, or there is a cursor to what stands before it
        const isWhole = messages.length === oracle.path.length;
        expect({ seed, isWhole: isWhole || reader.fold.previous !== undefined }).toEqual({
          seed,
          isWhole: true,
        });
        compared += 1;
      }
      reads += reader.reads;
    }
    process.stderr.write(`${compared} states compared, ${reads / STORIES} reads a conversation\n`);
    expect(compared).toBeGreaterThan(STORIES);
  });

  it('keep a message the same object while nothing of it changes', () => {
    const random = quietPrng(7);
    const story = new RandomStory(random);
    while (story.events.length < 400) story.step();
    const at = 200;
    const reader = new Reader(story.events, at, 1_000);
    let before: Message[] = reader.fold.messages();
    for (const event of story.events.slice(at)) {
      reader.next(event);
      const now = reader.fold.messages();
      const texts = new Map(before.map((message) => [message.id, message]));
      for (const message of now) {
        const earlier = texts.get(message.id);
        if (earlier && JSON.stringify(earlier) === JSON.stringify(message)) expect(message).toBe(earlier);
      }
      before = now;
    }
  });
});
