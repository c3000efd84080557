import { randomUUID } from 'node:crypto';
import type { EventLog, NewEvent } from '#event-log';
import { currentVersions, type DomainEvent } from '#model';

export const MESSAGES_A_CONVERSATION = 100;
/** Of five conversations four are the reader's. */
const OTHERS = 5;

export type Corpus = {
  streamIds: string[];
  projectIds: string[];
  /** Of the reader's messages, some at random. */
  texts: string[];
};

/**
 * Appends conversations whose messages are as long as those of a chat with a model are: a line, then an answer of some hundred
 * words, then a tool's input. Every twentieth message has a Japanese sentence.
 */
export async function appendCorpus(log: EventLog, messages: number, lines: string[]): Promise<Corpus> {
  const corpus: Corpus = { streamIds: [], projectIds: [], texts: [] };
  const count = Math.ceil(messages / MESSAGES_A_CONVERSATION);
  for (let i = 0; i < 20; i += 1) corpus.projectIds.push(randomUUID());
  for (let n = 0; n < count; n += 1) {
    const isReaders = n % OTHERS !== 0;
    const projectId = corpus.projectIds[n % corpus.projectIds.length]!;
    const streamId = randomUUID();
    const texts = Array.from({ length: MESSAGES_A_CONVERSATION }, (_, i) =>
      textOf(lines, n * 1_009 + i * 13, i),
    );
    const events = [...conversation(projectId, texts)].map(({ type, data }): NewEvent => ({
      eventId: randomUUID(),
      type,
      schemaVersion: currentVersions[type],
      data,
      metadata: {},
    }));
    const create = {
      tenantId: 'bench',
      ownerId: isReaders ? 'bench' : `other ${n}`,
      kind: 'conversation' as const,
    };
    await log.append({ appends: [{ streamId, expectedSeq: 0, tenantId: 'bench', create, events }] });
    corpus.streamIds.push(streamId);
    if (isReaders) corpus.texts.push(texts[n % texts.length]!);
  }
  return corpus;
}

function* conversation(projectId: string, texts: string[]): Generator<DomainEvent> {
  yield { type: 'ConversationStarted', data: { projectId } };
  let parentId: string | null = null;
  for (const [i, text] of texts.entries()) {
    const messageId: string = randomUUID();
    const role = (['user', 'assistant', 'tool'] as const)[i % 3]!;
    const content = [{ type: 'text', text }];
    yield { type: 'MessagePosted', data: { messageId, parentId, role, content } };
    parentId = messageId;
  }
}

function textOf(lines: string[], from: number, i: number): string {
  const line = (n: number) => lines[(from + n) % lines.length]!;
  const japanese = i % 20 === 7 ? `${['東京', '大阪', '京都'][from % 3]}の天気は${from % 50}度です。` : '';
  return [japanese, ...Array.from({ length: [1, 12, 6][i % 3]! }, (_, n) => line(n))].join(' ');
}
