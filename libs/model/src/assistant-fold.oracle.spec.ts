import { isDeepStrictEqual } from 'node:util';
import { answers, type RawEvent } from '../../../test/samples/answers.js';
import { createPrng } from '../../../test/support/prng.js';
import {
  recordedAnswer,
  recordedNames,
  sayThatRecordingsAreAbsent,
} from '../../../test/support/recorded-answers.js';
import { sdkMessage } from '../../../test/support/sdk-message.js';
import { applyDelta, assistantFold, foldMessage, type AssistantFold } from './assistant-fold.js';

// The official SDK folds the same events: whatever it makes of them is right.

const fold = (events: readonly unknown[]): AssistantFold => events.reduce(applyDelta, assistantFold.start());
const messageStop: RawEvent = { type: 'message_stop' };
/** Deep equality without mercy for undefined fields. */
const same = (a: unknown, b: unknown) => isDeepStrictEqual(a, b);

describe('our own samples', () => {
  it.each(Object.keys(answers))('%s', async (name) => {
    const folded = fold(answers[name]!);
    expect(folded).toMatchObject({ stopped: true, error: null });
    expect(foldMessage(folded)).toEqual(await sdkMessage(answers[name]!));
    expect(same(foldMessage(folded), await sdkMessage(answers[name]!))).toBe(true);
  });

  it('a changed token is a difference that the comparison sees', async () => {
    const events = structuredClone(answers['text in pieces, with pings']!);
    const expected = await sdkMessage(events);
    (events.find(({ type }) => type === 'content_block_delta')!.delta as { text: string }).text += '.';
    expect(same(foldMessage(fold(events)), expected)).toBe(false);
  });
});

describe('samples cut off after every event', () => {
  it.each(Object.keys(answers))('%s', async (name) => {
    const events = answers[name]!;
    for (let length = 0; length < events.length; length += 1) {
      const folded = fold(events.slice(0, length));
      const stopAt = events.findIndex(({ type }) => type === 'message_stop');
      expect(folded.stopped).toBe(stopAt !== -1 && stopAt < length);
      // The SDK gives no message before its end, so it gets one.
      const ended = [...events.slice(0, length), messageStop];
      if (length === 0) expect(foldMessage(folded)).toBeNull();
      else expect(foldMessage(folded)).toEqual(await sdkMessage(ended));
    }
  });
});

describe('tool input cut off at every character', () => {
  const input = '{"a":"x\\"y","b":[1,-2.5e3,true,null,{"c":{}}],"d":"\\u00e9 €","e":12}';
  const cut = (length: number): RawEvent[] => {
    const [start, first] = answers['a tool call without input deltas']!;
    const delta = { type: 'input_json_delta', partial_json: input.slice(0, length) };
    return [start!, first!, { type: 'content_block_delta', index: 0, delta }];
  };
  const blockStop: RawEvent = { type: 'content_block_stop', index: 0 };

  it.each(['open', 'stopped'])('in a block that is %s', async (state) => {
    for (let length = 0; length <= input.length; length += 1) {
      const events = [...cut(length), ...(state === 'open' ? [] : [blockStop]), messageStop];
      const folded = fold(events);
      expect(foldMessage(folded)).toEqual(await sdkMessage(events));
      const whole = length === 0 || length === input.length;
      expect(folded.invalidInputs).toEqual(state === 'open' || whole ? [] : [0]);
    }
  });
});

/** Input never comes for a block that has stopped; the SDK would go on with the input that it parsed. */
function withoutLateInput(events: readonly RawEvent[]): RawEvent[] {
  const stopped = new Set<unknown>();
  return events.filter(({ type, index, delta }) => {
    if (type === 'content_block_stop') stopped.add(index);
    return !(stopped.has(index) && (delta as RawEvent | undefined)?.type === 'input_json_delta');
  });
}

describe('deltas in random order', () => {
  const prng = createPrng('deltas in random order');

  it('makes what the SDK makes, where the SDK makes anything', async () => {
    const all = Object.values(answers).flat();
    const inner = all.filter(({ type }) => type.startsWith('content_block') || type === 'message_delta');
    const starts = all.filter(({ type, index }) => type === 'content_block_start' && index === 0);
    let compared = 0;
    for (let round = 0; round < 400; round += 1) {
      const some = Array.from({ length: prng.between(1, 20) }, () => prng.pick(inner));
      const events = [
        answers['no content at all']![0]!,
        prng.pick(starts),
        prng.pick(starts),
        ...withoutLateInput(some),
        messageStop,
      ];
      const folded = fold(events);
      // A block that has not begun is an error here, and passed over in silence there.
      if (folded.error !== null) continue;
      // Joined input is no JSON more often than not: the SDK gives up, we flag the call.
      const expected = await sdkMessage(events).catch(() => null);
      if (expected === null) continue;
      expect(foldMessage(folded)).toEqual(expected);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

const names = recordedNames();
if (names.length === 0) {
  sayThatRecordingsAreAbsent('the fold of recorded answers');
  it.skip('recorded answers (absent here)', () => undefined);
} else {
  describe('recorded answers', () => {
    const all = names.map((name) => recordedAnswer(name));

    it('are complete: 302 whole ones and 2 that the SDK refuses', () => {
      expect(all.filter(({ final }) => final !== null)).toHaveLength(302);
      expect(all.filter(({ final }) => final === null)).toHaveLength(2);
    });

    it.each(all.filter(({ final }) => final !== null))('$name', async ({ events, final }) => {
      const folded = fold(events);
      expect(folded).toMatchObject({ stopped: true, error: null, invalidInputs: [] });
      expect(foldMessage(folded)).toEqual(final);
      expect(same(foldMessage(folded), final)).toBe(true);
      expect(same(await sdkMessage(events), final)).toBe(true);
    });

    it.each(all.filter(({ final }) => final === null))('refuses $name', async ({ events }) => {
      await expect(sdkMessage(events)).rejects.toThrow();
      expect(fold(events).error).toBe('unexpected second message_start');
    });
  });
}
