import { applyDelta, assistantFold, foldMessage, newId, type AssistantFold, type EventData } from '#model';
import type { ClaudeClient, ModelRequest } from '../claude/claude-client.js';
import { ModelCallError } from '../claude/model-call-error.js';
import { countTokens } from './count-tokens.js';
import { DeltaBuffer } from './delta-buffer.js';
import type { TurnLog } from './turn-log.js';

/** One call of the tool-use kind that an answer asks for. */
export type ToolCall = {
  toolUseId: string;
  name: string;
  input: unknown;
  /** The input is whole JSON. */
  readable: boolean;
};

/** A whole answer, all of its deltas committed. */
export type ModelAnswer = {
  messageId: string;
  completed: EventData<'AssistantMessageCompleted'>;
  stopReason: string | null;
  calls: ToolCall[];
};

/** The model failed; `begun` tells whether anything of its answer is in the log. */
export class ModelAnswerFailed extends Error {
  constructor(
    readonly failure: ModelCallError,
    readonly begun: boolean,
  ) {
    super(failure.message);
    this.name = 'ModelAnswerFailed';
  }
}

export type ModelCall = {
  claude: ClaudeClient;
  log: TurnLog;
  request: ModelRequest;
  step: number;
  signal: AbortSignal;
};

/**
 * Calls the model once and streams its answer into the log; resolves when the last delta of a whole answer is committed.
 * @throws ModelAnswerFailed with what came kept in the log; whatever the log or `signal` stops it with
 */
export async function streamAnswer(call: ModelCall): Promise<ModelAnswer> {
  const { claude, log, request, step, signal } = call;
  const { turnId } = log.turn;
  const messageId = newId();
  const broken = new AbortController();
  let begun = false;
  let fold = assistantFold.start();
  const buffer = new DeltaBuffer({
    write: async (events) => {
      const deltas = events.map((data) => ({ type: 'StreamDeltaReceived' as const, data }));
      await log.append(
        ({ turn }) =>
          begun
            ? { events: deltas }
            : {
                // The row comes with its first words: an answer that never begins leaves none.
                events: [
                  {
                    type: 'AssistantMessageStarted',
                    data: { turnId, messageId, parentId: turn!.tipId, step },
                  },
                  ...deltas,
                ],
                entities: [{ id: messageId, index: 0 }],
              },
        signal,
      );
      begun = true;
    },
    onFailure: () => broken.abort(),
  });
  let failure: unknown = null;
  try {
    for await (const event of claude.stream(request, AbortSignal.any([signal, broken.signal]))) {
      fold = applyDelta(fold, event);
      await buffer.push(event);
      if (fold.error !== null) throw new ModelCallError('stream_invalid', fold.error, false);
    }
  } catch (error) {
    failure = error;
  }
  countTokens(foldMessage(fold)?.usage);
  // A stop goes before everything; else what came is kept, whatever ended it.
  signal.throwIfAborted();
  await buffer.flush();
  if (failure instanceof ModelCallError) throw new ModelAnswerFailed(failure, begun);
  if (failure !== null) throw failure;
  return answerOf(fold, turnId, messageId);
}

function answerOf(fold: AssistantFold, turnId: string, messageId: string): ModelAnswer {
  const message = foldMessage(fold)!;
  const stopReason = typeof message.stop_reason === 'string' ? message.stop_reason : null;
  const usage = (message.usage ?? null) as EventData<'AssistantMessageCompleted'>['usage'];
  const calls = message.content.flatMap((block, index): ToolCall[] => {
    if (block.type !== 'tool_use') return [];
    const readable = !fold.invalidInputs.includes(index) && fold.inputs[index] === undefined;
    return [{ toolUseId: String(block.id), name: String(block.name), input: block.input ?? {}, readable }];
  });
  return { messageId, completed: { turnId, messageId, message, stopReason, usage }, stopReason, calls };
}
