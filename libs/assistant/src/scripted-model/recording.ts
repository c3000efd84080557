import { answerWith } from './answer.js';
import type { AnswerItem, Script, ScriptedRequest, StreamReply } from './protocol.js';

/** A recorded stream, frame by frame, each with its closing blank line; joined they are the recording again. */
export function recordedFrames(recording: string): string[] {
  return recording.split(/(?<=\r?\n\r?\n)/).filter((frame) => frame !== '');
}

/** A 200 that plays a recorded `.sse` file as it was sent. */
export function playRecording(
  recording: string,
  options: Omit<StreamReply, 'kind' | 'items'> = {},
): StreamReply {
  const items = recordedFrames(recording).map((text): AnswerItem => ({ do: 'raw', text }));
  return { kind: 'stream', items, speed: 0, ...options };
}

/**
 * A script that answers each prompt by what `choose` gives for its text, and ends the turn with a short text when the
 * request brings tool results or continues a paused answer: a recording that ends in a tool call would else be played
 * for ever.
 */
export function recordingScript(choose: (prompt: string) => StreamReply): Script {
  return (request) => {
    const last = request.messages.at(-1);
    const continues = last?.role === 'assistant' || hasToolResult(request);
    return continues
      ? answerWith([{ text: 'That was the end of the recording.' }])
      : choose(promptOf(request));
  };
}

/** Whether the request's last message brings results of tool calls. */
export function hasToolResult(request: ScriptedRequest): boolean {
  const content = request.messages.at(-1)?.content;
  return Array.isArray(content) && content.some((block) => block.type === 'tool_result');
}

/** The text of the request's newest user message. */
export function promptOf(request: ScriptedRequest): string {
  const content = request.messages.findLast((message) => message.role === 'user')?.content ?? '';
  if (typeof content === 'string') return content;
  return content.flatMap((block) => (block.type === 'text' ? [String(block.text)] : [])).join('\n');
}
