import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeFrame } from './encode-frame.js';
import type { Frame } from './frame.js';
import { pumpFrames, type PumpOptions, type PumpOutcome } from './pump-frames.js';

function eventFrame(seq: number, bytes: number): Frame {
  const event = { seq, type: 'X', at: '', data: 'x'.repeat(bytes), metadata: {} };
  return { kind: 'event', event, json: JSON.stringify(event), schemaVersion: 1 };
}

/** A server that pumps the frames to its one client, and what became of it. */
async function serve(frames: (response: http.ServerResponse) => AsyncIterable<Frame>, options: PumpOptions) {
  let settle: (outcome: PumpOutcome | Error) => void;
  const outcome = new Promise<PumpOutcome | Error>((resolve) => (settle = resolve));
  const server = http.createServer((_request, response) => {
    pumpFrames(frames(response), response, options).then(settle, settle);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, outcome, close };
}

const patient = { bufferBytes: 64 * 1024, stallMs: 10_000 };

test('every frame arrives, in order, though the client reads late and the buffer is small', async () => {
  const frames = Array.from({ length: 2000 }, (_, n) => eventFrame(n + 1, 5000));
  const { url, outcome, close } = await serve(async function* () {
    yield* frames;
  }, patient);
  const response = await fetch(url);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await response.text()).toBe(frames.map(encodeFrame).join(''));
  expect(await outcome).toBe('ended');
  close();
});

test('a client that does not read is cut; no more than the buffer and a frame piles up for it', async () => {
  let pulled = 0;
  let most = 0;
  const { url, outcome, close } = await serve(
    async function* (response) {
      for (;;) {
        most = Math.max(most, response.writableLength);
        yield eventFrame(++pulled, 50_000);
      }
    },
    { bufferBytes: 200_000, stallMs: 200 },
  );
  const request = http.get(url);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.pause();
  expect(await outcome).toBe('too_slow');
  expect(most).toBeLessThan(200_000 + 60_000);
  // The kernel's own buffers took the rest: megabytes, not the endless supply.
  expect(pulled).toBeLessThan(1000);
  const failed = once(response, 'error');
  response.resume();
  await failed;
  close();
});

test('a client that goes away ends the pumping and the frames', async () => {
  let finished = false;
  const { url, outcome, close } = await serve(async function* () {
    try {
      for (let n = 1; ; n += 1) {
        yield eventFrame(n, 10);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      finished = true;
    }
  }, patient);
  const request = http.get(url);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  await once(response, 'data');
  request.destroy();
  expect(await outcome).toBe('gone');
  expect(finished).toBe(true);
  close();
});

test('what the frames throw cuts the client, so that it resumes', async () => {
  const { url, outcome, close } = await serve(async function* () {
    yield eventFrame(1, 10);
    throw new Error('the log is away');
  }, patient);
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect(String(await outcome)).toContain('the log is away');
  close();
});
