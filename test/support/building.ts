import {
  answerWith,
  hasToolResult,
  startScriptedModel,
  type AnswerPart,
  type ScriptedModel,
  type ScriptedRequest,
} from '#assistant';
import { longAnswer } from './long-answer.js';

/** How a turn is to go: its first answer, and whether the one after its tool calls is a long one (200 deltas in 2 s). */
type Plan = { parts?: AnswerPart[]; long?: boolean };

/** The prompt that makes the model of `startBuilder` answer so. */
export const planned = (...parts: AnswerPart[]): string => JSON.stringify({ parts } satisfies Plan);
/** The same; there is time to interrupt its last answer. */
export const plannedLong = (...parts: AnswerPart[]): string =>
  JSON.stringify({ parts, long: true } satisfies Plan);

/** A model that carries out what its prompt says: first the parts, then, once tools have answered, a closing text. */
export function startBuilder(): Promise<ScriptedModel> {
  return startScriptedModel({
    script: (request) => {
      const { parts = [], long = false } = planOf(request);
      if (!hasToolResult(request) && parts.length > 0) return answerWith(parts);
      return long ? longAnswer(200, 100) : answerWith([{ text: 'That is done now.' }]);
    },
  });
}

/** The newest one: on a line of its own, as the service may say more beside a prompt, and tool results follow it. */
function planOf({ messages }: ScriptedRequest): Plan {
  const texts = messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? [content]
      : content.map(({ text }) => (typeof text === 'string' ? text : '')),
  );
  const line = texts
    .join('\n')
    .split('\n')
    .findLast((text) => text.startsWith('{"parts":'));
  if (line === undefined) throw new Error('no message of the request has a plan');
  return JSON.parse(line) as Plan;
}
