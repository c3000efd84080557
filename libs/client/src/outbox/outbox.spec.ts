import type { LogEvent, TurnAccepted } from '#contracts';
import { MemoryStorage } from '../../../../test/support/fake-browser.js';
import { ChatLogError } from '../chat-log-error.js';
import type { NewTurn } from '../resources/turns.api.js';
import { BoundedStorage } from '../storage/bounded-storage.js';
import { MOST_ENTRIES, Outbox } from './outbox.js';

type Sent = { conversationId: string; prompt: string; key: string | undefined };
const refusal = (status: number, code: string) => new ChatLogError(code, { status, code });
const network = new ChatLogError('gone', { code: 'network' });

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const event = (type: string, commandId?: string) =>
  ({ type, metadata: { ...(commandId && { commandId }) } }) as Pick<LogEvent, 'type' | 'metadata'>;

const create = async (_body: unknown, options?: { idempotencyKey?: string }) =>
  ({ id: `started by ${options?.idempotencyKey}` }) as never;

describe('the outbox', () => {
  let memory: MemoryStorage;
  let sent: Sent[];
  /** What becomes of the next requests; then all are accepted. */
  let answers: (ChatLogError | 'never')[];
  let wake: () => void;
  let outboxes: Outbox[];

  beforeEach(() => {
    jest.useFakeTimers();
    [memory, sent, answers, outboxes] = [new MemoryStorage(), [], [], []];
  });
  afterEach(() => {
    for (const outbox of outboxes) outbox.close();
    jest.useRealTimers();
  });

  const request = async (
    conversationId: string,
    turn: NewTurn,
    options?: { idempotencyKey?: string },
  ): Promise<TurnAccepted> => {
    sent.push({ conversationId, prompt: turn.prompt, key: options?.idempotencyKey });
    const answer = answers.shift();
    if (answer === 'never') return new Promise(() => undefined);
    if (answer) throw answer;
    return { turnId: 't', messageId: 'm', seq: 1, streamUrl: '' };
  };
  const onWake = (listener: () => void) => {
    wake = listener;
    return () => undefined;
  };

  const open = (): Outbox => {
    const environment = { random: () => 0.5, onWake };
    const storage = new BoundedStorage(memory, 'test');
    const outbox = new Outbox({ conversations: { create }, turns: { request }, environment, storage });
    outboxes.push(outbox);
    return outbox;
  };

  it('sends a prompt until it arrives, always with the same key', async () => {
    answers = [network, refusal(503, 'log_unavailable'), refusal(429, 'busy'), refusal(408, 'late')];
    const outbox = open();
    const arrived = outbox.send({ conversationId: 'c' }, { prompt: 'hello' });
    expect(outbox.entries()).toMatchObject([{ turn: { prompt: 'hello' }, status: 'sending' }]);
    await pass(20_000);
    await expect(arrived).resolves.toMatchObject({ status: 'accepted', attempts: 5 });
    expect(sent).toHaveLength(5);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    await pass(11_000);
    expect(outbox.entries()).toEqual([]);
    expect(memory.items.size).toBe(0);
  });

  it('is done with what a page shows already, whether the answer or the page came first', async () => {
    const outbox = open();
    void outbox.send({ conversationId: 'answered first' }, { prompt: 'one' });
    await pass(10);
    expect(outbox.entries()).toMatchObject([{ status: 'accepted', seq: 1 }]);
    outbox.shows('answered first', 0);
    expect(outbox.entries()).toHaveLength(1);
    outbox.shows('answered first', 1);
    expect(outbox.entries()).toEqual([]);

    outbox.shows('shown first', 7);
    const arrived = outbox.send({ conversationId: 'shown first' }, { prompt: 'two' });
    await expect(arrived).resolves.toMatchObject({ status: 'accepted' });
    expect(outbox.entries()).toEqual([]);
    expect(memory.items.size).toBe(0);
  });

  it.each([400, 403, 404, 409, 413, 422])(
    'gives a prompt back that the server refuses: %s',
    async (status) => {
      answers = [refusal(status, 'no')];
      const outbox = open();
      const refused = expect(outbox.send({ conversationId: 'c' }, { prompt: 'hello' })).rejects.toMatchObject(
        { status },
      );
      await pass(60_000);
      await refused;
      expect(sent).toHaveLength(1);
      const [entry] = outbox.entries();
      expect(entry).toMatchObject({ status: 'refused', error: { code: 'no' }, turn: { prompt: 'hello' } });
      expect(outbox.discard(entry!.key)).toBe('hello');
      expect(memory.items.size).toBe(0);
    },
  );

  it('sends a refused one again as a new request', async () => {
    answers = [refusal(400, 'no')];
    const outbox = open();
    outbox.send({ conversationId: 'c' }, { prompt: 'hello' }).catch(() => undefined);
    await pass(10);
    outbox.retry(outbox.entries()[0]!.key);
    await pass(10);
    expect(sent).toHaveLength(2);
    expect(sent[1]!.key).not.toBe(sent[0]!.key);
    expect(outbox.entries()).toMatchObject([{ status: 'accepted' }]);
  });

  it('survives a reload: the next page sends it with the key of the last', async () => {
    answers = ['never'];
    void open().send({ conversationId: 'c' }, { prompt: 'one' });
    void outboxes[0]!.send({ conversationId: 'c' }, { prompt: 'two' });
    await pass(10);
    // the page is gone: nothing of it runs on
    const next = open();
    expect(next.entries()).toMatchObject([{ turn: { prompt: 'one' } }, { turn: { prompt: 'two' } }]);
    await pass(10);
    expect(sent.map(({ prompt }) => prompt)).toEqual(['one', 'one', 'two']);
    expect(sent[1]!.key).toBe(sent[0]!.key);
    expect(memory.items.size).toBe(0);
  });

  it('leaves to one tab what two have found', async () => {
    answers = ['never'];
    void open().send({ conversationId: 'c' }, { prompt: 'hello' });
    await pass(10);
    answers = [network, network];
    const [first, second] = [open(), open()];
    await pass(1);
    first.discard(first.entries()[0]!.key);
    await pass(30_000);
    expect(sent).toHaveLength(3);
    expect(second.entries()).toEqual([]);
  });

  it('sends those of a conversation one after another, and those of others meanwhile', async () => {
    answers = [network];
    const outbox = open();
    void outbox.send({ conversationId: 'c' }, { prompt: 'one' });
    void outbox.send({ conversationId: 'c' }, { prompt: 'two' });
    void outbox.send({ conversationId: 'd' }, { prompt: 'three' });
    await pass(5_000);
    expect(sent.map(({ prompt }) => prompt)).toEqual(['one', 'three', 'one', 'two']);
  });

  it('waits for a turn that runs, and goes on the moment that it ends', async () => {
    answers = Array.from({ length: 9 }, () => refusal(409, 'turn_in_progress'));
    const outbox = open();
    void outbox.send({ conversationId: 'c' }, { prompt: 'hello' });
    await pass(30_000);
    expect(outbox.entries()).toMatchObject([{ status: 'waiting', error: { code: 'turn_in_progress' } }]);
    const tried = sent.length;
    answers = [];
    outbox.saw('c', event('TurnCompleted'));
    await pass(1);
    expect(sent).toHaveLength(tried + 1);
  });

  it('takes the event of a prompt for its arrival, whatever the answer was', async () => {
    answers = ['never'];
    const outbox = open();
    const arrived = outbox.send({ conversationId: 'c' }, { prompt: 'hello' });
    outbox.saw('c', event('MessagePosted', outbox.entries()[0]!.key));
    await expect(arrived).resolves.toMatchObject({ conversationId: 'c' });
    expect(outbox.entries()).toEqual([]);
    expect(memory.items.size).toBe(0);
  });

  it('starts the conversation of a prompt that has none, with a key of its own', async () => {
    answers = [network];
    const outbox = open();
    const arrived = outbox.send({ conversationId: null, projectId: 'p' }, { prompt: 'hello' });
    const { key } = outbox.entries()[0]!;
    await pass(2_000);
    await expect(arrived).resolves.toMatchObject({ conversationId: `started by ${key}/start` });
    expect(new Set(sent.map(({ conversationId }) => conversationId)).size).toBe(1);
  });

  it('tries at once when the network is back, and holds no more than it may', async () => {
    answers = Array.from({ length: 20 }, () => network);
    const outbox = open();
    const all = Array.from({ length: MOST_ENTRIES }, (_, n) =>
      outbox.send({ conversationId: 'c' }, { prompt: String(n) }),
    );
    void Promise.allSettled(all);
    await expect(outbox.send({ conversationId: 'c' }, { prompt: 'x' })).rejects.toMatchObject({
      code: 'outbox_full',
    });
    await pass(25_000);
    const tried = sent.length;
    wake();
    await pass(1);
    expect(sent.length).toBe(tried + 1);
  });
});
