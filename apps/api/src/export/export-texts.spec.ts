import type { ConversationAt, Message } from '#contracts';
import type { Principal } from '#conversations';
import type { BlobStore, EventLog, ReadOptions, RecordedEvent } from '#event-log';
import type { BranchPart, ExportReads } from '#projections';
import { WholeResults } from '../messages/whole-results.service.js';
import { ExportTexts } from './export-texts.service.js';

const EVENTS = 200;
const EVENT_BYTES = 100_000;
const principal: Principal = { tenantId: 't', userId: 'u', scopes: ['*'] };
const state = {
  seq: EVENTS,
  conversation: { id: 'c', epoch: 'e' },
  usage: {},
  messages: [],
} as unknown as ConversationAt;

const sha256 = 'a'.repeat(64);
const blobs = { find: async (_tenant: string, name: string) => (name === sha256 ? '"all of it"' : null) };
const whole = new WholeResults(blobs as unknown as BlobStore);
const spoken = { role: 'user', content: 'x', metadata: {}, streamingStatus: 'complete' } as Message;

/** A long log and a long conversation of one message again and again, that tell how much of them was read. */
function source(message = spoken) {
  const told = { events: 0, messages: 0 };
  const log = {
    async read(
      _: string,
      { after = 0, upTo = EVENTS, limit = 1_000 }: ReadOptions,
    ): Promise<RecordedEvent[]> {
      const count = Math.max(0, Math.min(limit, upTo - after));
      told.events += count;
      const data = { text: 'x'.repeat(EVENT_BYTES) };
      return Array.from({ length: count }, (_none, i) => ({ seq: after + i + 1, data }) as RecordedEvent);
    },
  };
  const reads = {
    async *parts(): AsyncGenerator<BranchPart> {
      for (let segment = 1; segment <= 10; segment += 1) yield { segment, from: null, selected: true };
    },
    async *messages(): AsyncGenerator<Message> {
      for (let n = 0; n < 100; n += 1) {
        told.messages += 1;
        yield message;
      }
    },
  };
  const texts = new ExportTexts(log as unknown as EventLog, reads as unknown as ExportReads, whole);
  return { told, texts };
}

async function take(pieces: AsyncGenerator<string>, count: number): Promise<string[]> {
  const taken: string[] = [];
  for await (const piece of pieces) if (taken.push(piece) >= count) break;
  return taken;
}

describe('the text of an export', () => {
  it('is read no faster than it is taken, a piece at a time', async () => {
    const { told, texts } = source();
    await take(texts.of('ndjson', principal, state), 1);
    expect(told.events * EVENT_BYTES).toBeLessThan(4 * 1024 * 1024);
    await take(texts.of('markdown', principal, state), 5);
    await take(texts.of('json', principal, state), 5);
    expect(told.messages).toBeLessThan(10);
  });

  it('is whole: each line of the log once, in order, and JSON that can be read', async () => {
    const { texts } = source();
    const lines = await take(texts.of('ndjson', principal, state), Number.POSITIVE_INFINITY);
    const seqs = lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1));
    const json = (await take(texts.of('json', principal, state), Number.POSITIVE_INFINITY)).join('');
    const { conversation, messages } = JSON.parse(json) as { conversation: object; messages: unknown[] };
    // which history it is read from is no part of it
    expect(conversation).toEqual({ id: 'c' });
    expect(messages).toHaveLength(1_000);
  });

  it('has large tool results whole', async () => {
    const metadata = { resultBlob: { sha256, size: 11 } };
    const { texts } = source({ ...spoken, role: 'tool', toolCall: {}, toolResult: 'all', metadata });
    const [, , markdown] = await take(texts.of('markdown', principal, state), 3);
    const [, , json] = await take(texts.of('json', principal, state), 3);
    expect([markdown, json].join('')).toMatch(/\nall of it\n[^]*"toolResult":"all of it"/);
  });
});
