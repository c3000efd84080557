import { answerEvents, type AnswerItem, type Script, type ScriptedRequest } from '#assistant';
import type { DemoPlot, DemoTurn } from './demo-plot.js';

/**
 * Answers each prompt of the plots as they say, step by step. An answer that will be stopped says all its words and then nothing:
 * `onStall` is told of its prompt.
 */
export function demoScript(plots: readonly DemoPlot[], onStall: (prompt: string) => void): Script {
  const turns = new Map(
    plots.flatMap(({ steps }) => steps.filter(isTurn).map((turn) => [turn.prompt, turn])),
  );
  return (request) => {
    const { prompt, step } = placeOf(request);
    const turn = turns.get(prompt);
    const parts = turn?.answers[step];
    if (!turn || !parts)
      return {
        kind: 'refusal',
        status: 400,
        errorType: 'invalid_request_error',
        message: `no answer to ${prompt}`,
      };
    const inputTokens = Math.ceil(JSON.stringify(request.messages).length / 4);
    const events = answerEvents(parts, { model: request.model, inputTokens });
    const isLast = step === turn.answers.length - 1;
    const items = turn.stopped && isLast ? stalling(events, () => onStall(prompt)) : events;
    return { kind: 'stream', items };
  };
}

const isTurn = (step: { do: string }): step is DemoTurn => step.do === 'turn';

const isAsked = (content: ScriptedRequest['messages'][number]['content']): boolean =>
  typeof content === 'string' || content.some(({ type }) => type === 'text');

/** The newest question, and how many answers it has had. */
function placeOf({ messages }: ScriptedRequest): { prompt: string; step: number } {
  const asked = messages.findLastIndex(({ role, content }) => role === 'user' && isAsked(content));
  const content = messages[asked]?.content ?? '';
  const texts =
    typeof content === 'string'
      ? [content]
      : content.flatMap(({ type, text }) => (type === 'text' ? [String(text)] : []));
  // what the service adds of what happened to the project is not the person's
  const prompt = texts.filter((text) => !text.startsWith('<system>')).join('\n');
  return { prompt, step: messages.slice(asked + 1).filter(({ role }) => role === 'assistant').length };
}

async function* stalling(events: readonly AnswerItem[], onStall: () => void): AsyncGenerator<AnswerItem> {
  // without the block's end and the message's
  yield* events.slice(0, -3);
  onStall();
  yield { do: 'stall' };
}
