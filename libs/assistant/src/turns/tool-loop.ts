import { newId, type DomainEvent } from '#model';
import type { ToolOutcome, ToolRegistry } from '../tools/tool-registry.js';
import type { ModelAnswer, ToolCall } from './model-answer.js';
import type { Draft, TurnLog } from './turn-log.js';

type Refusal = { code: string; error: string };

const unreadable: Refusal = {
  code: 'input_invalid',
  error: 'The input of this call was cut off: it is no JSON. The tool was not run.',
};
const notRun: Refusal = { code: 'not_run', error: 'The answer ended before this tool could be run.' };

/**
 * Runs the calls of one answer in the order given. Each has its `ToolCallStarted` committed before it runs, and exactly
 * one result; a call that cannot be run gets its error at once, in the same unit.
 * @throws whatever the log or `signal` stops it with
 */
export async function runCalls(
  answer: ModelAnswer,
  log: TurnLog,
  tools: ToolRegistry,
  signal: AbortSignal,
): Promise<void> {
  for (const call of answer.calls) {
    const refusal = call.readable ? tools.refusal(call.name, call.input) : unreadable;
    const messageId = newId();
    await log.append(({ turn }) => begin(answer, call, messageId, turn!.tipId, refusal), signal);
    if (refusal !== null) continue;
    const { streamId, turnId } = log.turn;
    const outcome = await tools.execute(call.name, call.input, { streamId, turnId, messageId, signal });
    await log.append(() => ({ events: [endOf(answer, call, messageId, outcome)] }), signal);
  }
}

/** The rows of calls that will never be run, because the answer ended otherwise than by asking for tools. */
export function leaveCalls(answer: ModelAnswer, tipId: string): Draft {
  let parentId = tipId;
  const drafts = answer.calls.map((call) => {
    const messageId = newId();
    const draft = begin(answer, call, messageId, parentId, call.readable ? notRun : unreadable);
    parentId = messageId;
    return draft;
  });
  return {
    events: drafts.flatMap(({ events }) => events),
    entities: drafts.flatMap(({ entities }, index) => entities!.map(({ id }) => ({ id, index: index * 2 }))),
  };
}

function begin(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  parentId: string,
  refusal: Refusal | null,
): Draft {
  const { turnId } = answer.completed;
  const { toolUseId, name: toolName, input } = call;
  const started: DomainEvent<'ToolCallStarted'> = {
    type: 'ToolCallStarted',
    data: {
      turnId,
      messageId,
      parentId,
      assistantMessageId: answer.messageId,
      toolUseId,
      toolName,
      input: input as DomainEvent<'ToolCallStarted'>['data']['input'],
    },
  };
  const events = refusal === null ? [started] : [started, failed(answer, call, messageId, refusal)];
  return { events, entities: [{ id: messageId, index: 0 }] };
}

function endOf(answer: ModelAnswer, call: ToolCall, messageId: string, outcome: ToolOutcome): DomainEvent {
  if (!outcome.ok) return failed(answer, call, messageId, outcome);
  const { turnId } = answer.completed;
  const result = outcome.result as DomainEvent<'ToolCallSucceeded'>['data']['result'];
  return {
    type: 'ToolCallSucceeded',
    data: { turnId, assistantMessageId: answer.messageId, toolUseId: call.toolUseId, messageId, result },
  };
}

function failed(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  { code, error }: Refusal,
): DomainEvent<'ToolCallFailed'> {
  const { turnId } = answer.completed;
  return {
    type: 'ToolCallFailed',
    data: { turnId, assistantMessageId: answer.messageId, toolUseId: call.toolUseId, messageId, code, error },
  };
}
