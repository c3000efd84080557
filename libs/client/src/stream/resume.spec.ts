import { FakeBrowser, type FakeTab } from '../../../../test/support/fake-browser.js';
import { FakeLogServer, frameOf } from '../../../../test/support/fake-log-server.js';
import { ChatLogClient } from '../chat-log-client.js';
import type { StreamHandle, StreamOptions, StreamStatus } from './stream-options.js';

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

/** A reader without other tabs, and what it was told. */
describe('a stream', () => {
  let server: FakeLogServer;
  let tab: FakeTab;
  let seen: number[];
  let statuses: StreamStatus[];
  let resets: number;
  let refused: Error[];
  let stream: StreamHandle;

  beforeEach(() => {
    jest.useFakeTimers();
    server = new FakeLogServer();
    tab = new FakeBrowser(server.fetch).open();
    [seen, statuses, resets, refused] = [[], [], 0, []];
  });
  afterEach(() => {
    stream.close();
    jest.useRealTimers();
  });

  const open = (options: Partial<StreamOptions> = {}): void => {
    const environment = { ...tab.environment, locks: null };
    stream = new ChatLogClient({ environment }).openStream('c', {
      onEvent: ({ seq }) => seen.push(seq),
      onStatus: (status) => statuses.push(status),
      onReset: () => (resets += 1),
      onRefused: (error) => refused.push(error),
      ...options,
    });
  };

  it('goes on after its last event when the connection is cut', async () => {
    server.append(3);
    open();
    await pass(10);
    server.cut();
    server.append(2);
    await pass(600);
    expect(seen).toEqual(upTo(5));
    expect(server.opened).toBe(2);
    expect(statuses).toEqual(['live', 'waiting', 'connecting', 'live']);
  });

  it('is dead after 15 s of silence, and lives as long as there are comments', async () => {
    open();
    for (let n = 0; n < 5; n += 1) {
      await pass(14_000);
      for (const reader of server.readers) reader.send(': ping\n\n');
    }
    expect(server.opened).toBe(1);
    await pass(14_900);
    expect(server.opened).toBe(1);
    await pass(700);
    expect(server.opened).toBe(2);
  });

  it('drops what it has had, and reads what is missing from the log', async () => {
    server.append(2);
    open();
    await pass(10);
    for (const reader of server.readers) reader.send(frameOf(server.events[0]!));
    server.events.push({ ...server.events[0]!, seq: 3 }, { ...server.events[0]!, seq: 4 });
    server.append(1);
    await pass(10);
    expect(seen).toEqual(upTo(5));
    expect(server.pagesRead).toBe(1);
    expect(server.opened).toBe(1);
  });

  it.each<[string, (server: FakeLogServer) => void]>([
    ['another epoch in stream_open', (its) => void (its.epoch = 'two')],
    [
      '409 stream_ahead',
      (its) =>
        its.refusals.push(
          () => new Response(JSON.stringify({ code: 'stream_ahead', detail: '…' }), { status: 409 }),
        ),
    ],
  ])('is closed by another history: %s', async (_, change) => {
    server.append(2);
    open({ epoch: 'one' });
    await pass(10);
    change(server);
    server.cut();
    await pass(600);
    expect(resets).toBe(1);
    expect(stream.status).toBe('closed');
    await pass(60_000);
    expect(server.opened).toBe(2);
  });

  it('waits as long as `retry:` asks for', async () => {
    open();
    await pass(10);
    for (const reader of server.readers) {
      reader.send('retry: 4000\nevent: closing\ndata: {"retryMs":4000}\n\n');
      reader.end();
    }
    await pass(3_900);
    expect(server.opened).toBe(1);
    await pass(200);
    expect(server.opened).toBe(2);
  });

  it('gives up where it may not read, and tells why', async () => {
    server.refusals.push(
      () => new Response(JSON.stringify({ code: 'not_found', detail: 'There is none.' }), { status: 404 }),
    );
    open();
    await pass(60_000);
    expect(refused).toMatchObject([{ code: 'not_found', message: 'There is none.' }]);
    expect(server.opened).toBe(1);
  });

  it('does not trust a connection that the network left', async () => {
    open();
    await pass(10);
    tab.setOnline(false);
    await pass(100);
    server.events.push({ seq: 1, type: 'X', at: '', data: {}, metadata: {} });
    tab.setOnline(true);
    await pass(10);
    expect(server.opened).toBe(2);
    expect(seen).toEqual([1]);
  });

  it('comes back at once when the network does, or when someone looks', async () => {
    for (const wake of [() => tab.setOnline(true), () => tab.setVisible(true)]) {
      server = new FakeLogServer();
      tab = new FakeBrowser(server.fetch).open();
      server.refusals = Array.from({ length: 30 }, () => () => new Response('', { status: 502 }));
      open();
      await pass(20_000);
      const tried = server.opened;
      wake();
      await pass(1);
      expect(server.opened).toBe(tried + 1);
      stream.close();
    }
  });
});
