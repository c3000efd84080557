import { FakeBrowser, type FakeTab } from '../../../../../test/support/fake-browser.js';
import { FakeLogServer } from '../../../../../test/support/fake-log-server.js';
import { ChatLogClient } from '../../chat-log-client.js';
import type { StreamHandle } from '../stream-options.js';

type Reader = { tab: FakeTab; stream: StreamHandle; seen: number[] };

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

describe('the tabs of a browser', () => {
  let server: FakeLogServer;
  let browser: FakeBrowser;
  let readers: Reader[];

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeLogServer();
    browser = new FakeBrowser(server.fetch);
    readers = [];
  });
  afterEach(() => {
    for (const { stream } of readers) stream.close();
    jest.useRealTimers();
  });

  const read = (conversationId: string, after = 0): Reader => {
    const tab = browser.open();
    const seen: number[] = [];
    const stream = new ChatLogClient({ environment: tab.environment }).openStream(conversationId, {
      after,
      onEvent: ({ seq }) => seen.push(seq),
      onReset: () => undefined,
    });
    const reader = { tab, stream, seen };
    readers.push(reader);
    return reader;
  };
  const ping = (): void => server.readers.forEach((reader) => reader.send(': ping\n\n'));

  it('share one stream: eight of them on one conversation need one connection', async () => {
    server.append(3);
    for (let n = 0; n < 8; n += 1) read('c');
    await pass(100);
    server.append(4);
    await pass(100);
    expect(server.readers.size).toBe(1);
    expect(server.opened).toBe(1);
    for (const { seen } of readers) expect(seen).toEqual(upTo(7));
    expect(readers.map(({ stream }) => stream.status).toSorted()).toEqual([
      'live',
      ...Array(7).fill('shared'),
    ]);
  });

  it('lose and repeat nothing when the one that reads dies in the midst of it', async () => {
    for (let n = 0; n < 4; n += 1) read('c');
    await pass(50);
    for (let round = 0; round < 3; round += 1) {
      server.append(5);
      readers[round]!.tab.kill();
      server.append(5);
      await pass(200);
      server.append(1);
      await pass(200);
      expect(server.readers.size).toBe(1);
    }
    expect(readers[3]!.seen).toEqual(upTo(33));
  });

  it('take the stream from one that has fallen silent, and from none that speaks', async () => {
    const [first, second] = [read('c'), read('c')];
    await pass(50);
    for (let n = 0; n < 6; n += 1) {
      await pass(10_000);
      ping();
    }
    expect(server.opened).toBe(1);
    first.tab.freeze();
    server.append(3);
    await pass(21_000);
    expect(second.seen).toEqual(upTo(3));
    expect(second.stream.status).toBe('live');
  });

  it('keep two connections of a host free, and look at the log instead', async () => {
    for (let n = 0; n < 8; n += 1) read(`c${n}`);
    await pass(100);
    expect(server.readers.size).toBe(4);
    expect(readers.filter(({ stream }) => stream.status === 'polling')).toHaveLength(4);
    server.append(3);
    await pass(2_100);
    for (const { seen } of readers) expect(seen).toEqual(upTo(3));
  });

  it('give a connection of a tab that nobody looks at to one that is looked at', async () => {
    const hidden = Array.from({ length: 4 }, (_, n) => read(`c${n}`));
    await pass(50);
    hidden[0]!.tab.setVisible(false);
    const looked = read('c8');
    await pass(2_200);
    expect(looked.stream.status).toBe('live');
    expect(hidden[0]!.stream.status).toBe('polling');
    server.append(2);
    await pass(2_200);
    for (const { seen } of readers) expect(seen).toEqual(upTo(2));
    expect(server.readers.size).toBe(4);
  });

  it('read one stream each where the browser has no locks', async () => {
    for (let n = 0; n < 2; n += 1) {
      const tab = browser.open();
      const environment = { ...tab.environment, locks: null };
      const options = { onEvent: () => undefined, onReset: () => undefined };
      readers.push({ tab, seen: [], stream: new ChatLogClient({ environment }).openStream('c', options) });
    }
    await pass(50);
    expect(server.readers.size).toBe(2);
  });
});
