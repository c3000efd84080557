import { randomBytes } from 'node:crypto';
import type { ScriptedBlock, StreamEvent, StreamReply } from './protocol.js';

/** One content block of an answer, in the order in which it is streamed. */
export type AnswerPart =
  | { text: string }
  | {
      thinking: string;
      /** Default: a made-up one; null leaves the block unsigned. */ signature?: string | null;
    }
  | {
      tool: string;
      input: unknown;
      id?: string;
      /** Stream these characters instead of the input's JSON, to cut or break it. */
      inputJson?: string;
    }
  /** Any other block, with its deltas as they go over the wire. */
  | { block: ScriptedBlock; deltas?: { type: string; [field: string]: unknown }[] };

/** What an answer says of itself beside its parts. */
export type AnswerOptions = {
  /** Default: `tool_use` if there is a tool part, else `end_turn`. */
  stopReason?: string | null;
  model?: string;
  inputTokens?: number;
};

/** A 200 that streams these parts. */
export function answerWith(parts: AnswerPart[], options: AnswerOptions = {}): StreamReply {
  return { kind: 'stream', items: answerEvents(parts, options) };
}

/** The events of a whole answer, from `message_start` to `message_stop`, with a ping after the first as the API sends it. */
export function answerEvents(parts: AnswerPart[], options: AnswerOptions = {}): StreamEvent[] {
  const { model = 'scripted', inputTokens = 1 } = options;
  const calls = parts.some((part) => 'tool' in part);
  const stopReason =
    options.stopReason === undefined ? (calls ? 'tool_use' : 'end_turn') : options.stopReason;
  const blocks = parts.flatMap((part, index) => blockEvents(part, index));
  const outputTokens = Math.max(1, blocks.filter((event) => event.type === 'content_block_delta').length);
  return [
    {
      type: 'message_start',
      message: {
        id: `msg_${randomId()}`,
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: inputTokens, output_tokens: 1 },
      },
    },
    { type: 'ping' },
    ...blocks,
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: outputTokens },
    },
    { type: 'message_stop' },
  ];
}

export const newRequestId = (): string => `req_${randomId()}`;

const randomId = (): string => randomBytes(12).toString('hex');

function blockEvents(part: AnswerPart, index: number): StreamEvent[] {
  const { start, deltas } = blockOf(part);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function blockOf(part: AnswerPart): { start: ScriptedBlock; deltas: Record<string, unknown>[] } {
  if ('text' in part)
    return {
      start: { type: 'text', text: '' },
      deltas: pieces(part.text).map((text) => ({ type: 'text_delta', text })),
    };
  if ('thinking' in part) {
    const signature = part.signature === undefined ? randomBytes(48).toString('base64') : part.signature;
    return {
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...pieces(part.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        ...(signature === null ? [] : [{ type: 'signature_delta', signature }]),
      ],
    };
  }
  if ('tool' in part)
    return {
      start: { type: 'tool_use', id: part.id ?? `toolu_${randomId()}`, name: part.tool, input: {} },
      deltas: ['', ...(part.inputJson ?? JSON.stringify(part.input)).split(/(?<=[,:])/)].map((json) => ({
        type: 'input_json_delta',
        partial_json: json,
      })),
    };
  return { start: part.block, deltas: part.deltas ?? [] };
}

/** Cuts a text about where a tokenizer would: a word with the white space before it. */
const pieces = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];
