import {
  decide,
  DomainRefusal,
  type ConversationCommand,
  type Decision,
  type DomainEvent,
  type Facts,
} from '#model';
import { Story } from './story.js';

type Refused = { code: string; status: number; field?: string; details?: Record<string, unknown> };

/** What `when` gives: look at the whole decision, or expect its events or its refusal. */
export type Then = {
  decision(): Decision;
  /** Exactly these events, in this order. */
  thenEvents(...events: DomainEvent[]): Decision;
  thenNothing(): Decision;
  /** Refused so, and the state is as it was. */
  thenRefused(refusal: Refused): void;
};

/** given–when–then for `decide`: a past, a command, and what it means. */
export function given(tell: (story: Story) => void = () => undefined): {
  when(command: ConversationCommand, facts?: Partial<Facts>): Then;
} {
  const story = new Story();
  tell(story);
  const before = structuredClone(story.state);
  return {
    when(command, facts = {}) {
      const decision = () => {
        const decided = decide(story.state, command, { messages: {}, turns: story.turns, ...facts });
        expect(story.state).toEqual(before);
        return decided;
      };
      const thenEvents = (...events: DomainEvent[]) => {
        const decided = decision();
        expect(decided.events).toStrictEqual(events);
        return decided;
      };
      return {
        decision,
        thenEvents,
        thenNothing: () => thenEvents(),
        thenRefused(refusal) {
          let refused: unknown = null;
          try {
            decision();
          } catch (error) {
            refused = error;
          }
          expect(refused).toBeInstanceOf(DomainRefusal);
          const { code, status, field, details } = refused as DomainRefusal;
          expect({ code, status, field, details }).toEqual({
            field: undefined,
            details: undefined,
            ...refusal,
          });
          expect(story.state).toEqual(before);
        },
      };
    },
  };
}
