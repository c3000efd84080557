import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy that cuts each connection after so many bytes of the answer; `cut` cuts all that are open. */
export type CuttingProxy = { url: string; cuts(): number; cut(): void; close(): Promise<void> };

/** `budget` is asked for at each connection: the bytes of answer that it may carry, or Infinity. */
export async function startCuttingProxy(targetUrl: string, budget: () => number): Promise<CuttingProxy> {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let left = budget();
    open.add(client).add(upstream);
    const end = (): void => {
      for (const socket of [client, upstream]) {
        open.delete(socket);
        socket.destroy();
      }
    };
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      client.write(chunk.subarray(0, Math.min(left, chunk.length)));
      left -= chunk.length;
      if (left > 0) return;
      cuts += 1;
      upstream.pause();
      // what was written goes out, then the connection is gone
      client.end(end);
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    cut: () => open.forEach((socket) => socket.destroy()),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
