import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before PostgreSQL that loses what a test wants lost. */
export type PostgresProxy = {
  url: string;
  /** The next request that holds `marker` never arrives: its connection is cut first. */
  loseRequest(marker: string): void;
  /** The next request that holds `marker` arrives; its connection is cut instead of an answer. */
  loseAnswer(marker: string): void;
  /** The next request that holds `marker` arrives; nothing ever comes back, and nothing is closed. */
  swallowAnswer(marker: string): void;
  /** Cuts all connections, and refuses new ones until `up`. */
  down(): void;
  up(): void;
  /** What was lost on purpose. */
  losses(): number;
  close(): Promise<void>;
};

type Trap = { marker: string; loses: 'request' | 'answer' | 'all answers' };

/** Listens on a free port; `targetUrl` and the url that it gives differ in host and port alone. */
export async function startPostgresProxy(targetUrl: string): Promise<PostgresProxy> {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  let trap: Trap | null = null;
  let isDown = false;
  let losses = 0;

  const server = createServer((client) => {
    if (isDown) return client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    let caught: Trap['loses'] | null = null;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('data', (chunk) => {
      if (trap && chunk.includes(trap.marker)) {
        caught = trap.loses;
        trap = null;
        losses++;
        if (caught === 'request') return cut();
      }
      return upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (caught === 'answer') return cut();
      return caught === null ? client.write(chunk) : true;
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', cut).on('close', () => {
        open.delete(socket);
        cut();
      });
    }
    return client;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cutAll = () => open.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    loseRequest: (marker) => (trap = { marker, loses: 'request' }),
    loseAnswer: (marker) => (trap = { marker, loses: 'answer' }),
    swallowAnswer: (marker) => (trap = { marker, loses: 'all answers' }),
    down: () => {
      isDown = true;
      cutAll();
    },
    up: () => (isDown = false),
    losses: () => losses,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cutAll();
      await closed;
    },
  };
}
