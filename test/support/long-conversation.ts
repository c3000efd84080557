import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { EventLog, NewEvent } from '#event-log';
import { currentVersions, type DomainEvent } from '#model';
import { projectRoot } from '#platform';

const UNIT = 2_000;
/** A turn has four rows: the prompt, an answer that calls a tool, the call, an answer. */
export const ROWS_A_TURN = 4;
const EVENTS_BESIDE_DELTAS = 10;

export type LongConversation = { messages: number; events: number };

/** Recorded chat lines where the fixtures are, else lines of our own. */
export function chatLines(): { lines: string[]; source: string } {
  const file = join(projectRoot(), '..', 'shared', 'fixtures', 'chats', 'irc-ubuntu.jsonl.gz');
  if (!existsSync(file)) {
    return { lines: ['How do I centre a div?', 'Make the button blue'], source: 'two lines of our own' };
  }
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) collect(entry);
    else if (value !== null && typeof value === 'object') {
      const { content, text } = value as Record<string, unknown>;
      const line = content ?? text;
      if (typeof line === 'string' && line.trim() !== '') texts.push(line);
      else for (const entry of Object.values(value)) collect(entry);
    }
  };
  const rows = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  for (const row of rows) collect(JSON.parse(row));
  return { lines: texts, source: 'recorded chat lines' };
}

/** What is said in a turn; an answer as the pieces that it streams in. */
export type TurnTexts = { prompt: string; first: string[]; result: string; last: string[] };

/** Whose the conversation is, and what it is called. */
export type ConversationOf = { tenantId: string; ownerId: string; title?: string };

const bench: ConversationOf = { tenantId: 'bench', ownerId: 'bench' };

/** Appends a conversation of so many rows and events, whose texts are made of the lines, straight to the log. Gives its id. */
export function appendConversation(log: EventLog, size: LongConversation, lines: string[]): Promise<string> {
  return appendTurns(log, turnsOf(size, lines), bench);
}

/** Appends a conversation of turns with a tool call each, in units of 2,000 events, straight to the log. Gives its id. */
export async function appendTurns(
  log: EventLog,
  turns: Iterable<TurnTexts>,
  { tenantId, ownerId, title }: ConversationOf,
): Promise<string> {
  const streamId = randomUUID();
  let [head, unit] = [0, [] as NewEvent[]];
  const flush = async (): Promise<void> => {
    const create = head === 0 ? { tenantId, ownerId, kind: 'conversation' as const } : undefined;
    await log.append({ appends: [{ streamId, expectedSeq: head, tenantId, events: unit, create }] });
    head += unit.length;
    unit = [];
  };
  for (const { type, data, metadata } of conversationEvents(turns, title)) {
    const event = { eventId: randomUUID(), type, schemaVersion: currentVersions[type], data };
    unit.push({ ...event, metadata: { ...metadata } });
    if (unit.length === UNIT) await flush();
  }
  if (unit.length > 0) await flush();
  return streamId;
}

function* turnsOf({ messages, events }: LongConversation, lines: string[]): Generator<TurnTexts> {
  const turns = messages / ROWS_A_TURN;
  const deltas = Math.ceil(((events - 1) / turns - EVENTS_BESIDE_DELTAS) / 2);
  for (let turn = 0; turn < turns; turn += 1) {
    const line = (n: number): string => lines[(turn * 7 + n) % lines.length]!;
    const words = Array.from({ length: deltas - 5 }, (_, n) => `${line(2).slice(n % 11, (n % 11) + 6)} `);
    yield { prompt: line(0), first: words, result: line(1), last: words };
  }
}

function* conversationEvents(turns: Iterable<TurnTexts>, title?: string): Generator<DomainEvent> {
  yield { type: 'ConversationStarted', data: title === undefined ? {} : { title } };
  let parentId: string | null = null;
  for (const texts of turns) parentId = yield* turnEvents(parentId, texts);
}

function* turnEvents(parentId: string | null, texts: TurnTexts): Generator<DomainEvent, string> {
  const [turnId, promptId, rowId] = [randomUUID(), randomUUID(), randomUUID()];
  const content = [{ type: 'text', text: texts.prompt }];
  yield { type: 'MessagePosted', data: { messageId: promptId, parentId, role: 'user', content } };
  yield { type: 'TurnRequested', data: { turnId, messageId: promptId } };
  yield { type: 'TurnStarted', data: { turnId, owner: 'bench' } };
  const first = yield* answerEvents({ turnId, parentId: promptId, step: 1 }, texts.first);
  const call = { turnId, messageId: rowId, assistantMessageId: first, toolUseId: `toolu_${rowId}` };
  const input = { file_path: 'index.html' };
  yield { type: 'ToolCallStarted', data: { ...call, parentId: first, toolName: 'Read', input } };
  yield { type: 'ToolCallSucceeded', data: { ...call, result: texts.result } };
  const last = yield* answerEvents({ turnId, parentId: rowId, step: 2 }, texts.last);
  yield { type: 'TurnCompleted', data: { turnId, stopReason: 'end_turn', steps: 2 } };
  return last;
}

function* answerEvents(
  { turnId, parentId, step }: { turnId: string; parentId: string; step: number },
  words: string[],
): Generator<DomainEvent, string> {
  const messageId = randomUUID();
  const usage = { input_tokens: 900, output_tokens: words.length + 5 };
  const raw: { type: string; [field: string]: unknown }[] = [
    { type: 'message_start', message: { role: 'assistant', model: 'bench', content: [], usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
    { type: 'message_stop' },
  ];
  yield { type: 'AssistantMessageStarted', data: { turnId, messageId, parentId, step } };
  for (const data of raw) yield { type: 'StreamDeltaReceived', data, metadata: { turnId } };
  const content = [{ type: 'text', text: words.join('') }];
  const message = { role: 'assistant', model: 'bench', content };
  const whole = { turnId, messageId, message, stopReason: 'end_turn', usage };
  yield { type: 'AssistantMessageCompleted', data: whole };
  return messageId;
}
