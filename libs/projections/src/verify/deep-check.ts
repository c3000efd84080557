import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import {
  applyDelta,
  assistantFold,
  canonicalJson,
  deltaEventType,
  foldMessage,
  terminalEventTypes,
  type AssistantFold,
  type ContentBlock,
  type LoggedEvent,
} from '#model';
import { Database } from '#platform';
import { toLogged } from '../reading/logged-events.js';
import type { Finding } from './finding.js';
import { differencesOf } from './row-differences.js';

const PAGE = 1_000;
const ends = new Set<string>(terminalEventTypes);
const types = [
  deltaEventType,
  'AssistantMessageStarted',
  'AssistantMessageCompleted',
  'ToolCallStarted',
  ...terminalEventTypes,
];

type Answer = { messageId: unknown; turnId: unknown; fold: AssistantFold };
/** What the finished answers of the turn asked their tools for: by message and call. */
type Asked = Map<string, unknown>;

/**
 * Folds the deltas of every finished answer, as they were streamed, and compares with the message that was stored at its end;
 * and each tool call's input with what the answer asked for. Holds one answer and one turn's calls at a time.
 */
@Injectable()
export class DeepCheck {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** The stream's own events; what a fork inherited is its ancestors'. */
  async *findings(stream: StreamInfo, signal?: AbortSignal): AsyncGenerator<Finding> {
    let answer: Answer | null = null;
    const asked: Asked = new Map();
    for await (const event of this.events(stream, signal)) {
      const { messageId, turnId } = (event.data ?? {}) as Record<string, unknown>;
      if (event.type === 'AssistantMessageStarted')
        answer = { messageId, turnId, fold: assistantFold.start() };
      if (event.type === deltaEventType && answer?.turnId === event.metadata.turnId && answer)
        answer = { ...answer, fold: applyDelta(answer.fold, event.data) };
      if (event.type === 'AssistantMessageCompleted') {
        if (answer?.messageId === messageId) yield* compareAnswer(stream, event, answer?.fold ?? null);
        noteAsked(asked, event);
        answer = null;
      }
      if (event.type === 'ToolCallStarted') yield* compareInput(stream, event, asked);
      if (ends.has(event.type)) asked.clear();
    }
  }

  private async *events(stream: StreamInfo, signal?: AbortSignal): AsyncGenerator<LoggedEvent> {
    for (let after = seamOf(stream); ;) {
      if (signal?.aborted) return;
      const page = await this.log.read(stream.streamId, { after, types, limit: PAGE }, this.database);
      yield* page.map(toLogged);
      if (page.length < PAGE) return;
      after = page.at(-1)?.seq ?? after;
    }
  }
}

function* compareAnswer(
  stream: StreamInfo,
  event: LoggedEvent,
  fold: AssistantFold | null,
): Generator<Finding> {
  const { message, stopReason = null } = event.data as { message: unknown; stopReason?: unknown };
  const folded = fold && foldMessage(fold);
  const expected = { message: folded, stop_reason: folded?.stop_reason ?? null };
  yield* found(stream, event, 'deltas_differ', { message, stop_reason: stopReason }, expected);
}

function* compareInput(stream: StreamInfo, event: LoggedEvent, asked: Asked): Generator<Finding> {
  const { assistantMessageId, toolUseId, input } = event.data as Record<string, unknown>;
  const name = callName(assistantMessageId, toolUseId);
  if (!asked.has(name)) return;
  yield* found(stream, event, 'input_differs', { input }, { input: asked.get(name) });
}

function noteAsked(asked: Asked, { data }: LoggedEvent): void {
  const { messageId, message } = data as { messageId: unknown; message?: { content?: ContentBlock[] } };
  for (const block of message?.content ?? []) {
    if (block.type === 'tool_use') asked.set(callName(messageId, block.id), block.input ?? {});
  }
}

function callName(messageId: unknown, toolUseId: unknown): string {
  return canonicalJson([messageId, toolUseId]);
}

function* found(
  { streamId }: StreamInfo,
  { seq, type }: LoggedEvent,
  kind: 'deltas_differ' | 'input_differs',
  stored: Record<string, unknown>,
  expected: Record<string, unknown>,
): Generator<Finding> {
  const table = { name: 'events', key: ['seq'], columns: [], growing: [] };
  const side = (values: Record<string, unknown>) => [{ table, rows: [{ seq, ...values }] }];
  const differences = differencesOf(side(stored), side(expected));
  if (differences.length > 0)
    yield { streamId, projection: null, generation: null, kind, seq, detail: `in ${type}`, differences };
}
