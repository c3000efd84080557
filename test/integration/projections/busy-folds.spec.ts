import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '#platform';
import type { FoldJob } from '../../../libs/projections/src/folding/fold-messages.js';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';

/** A fold's deadline is watched by the main thread, which has more to do: that it was busy is no fault of the fold's. */
jest.setTimeout(60_000);

const foldsUrl = pathToFileURL(join(projectRoot(), 'test/support/signalling-folds.mjs')).href;
const DEADLINE_MS = 2_000;

/** Work that keeps the loop from its timers and from messages of threads, as parsing a large body does. */
async function whileReadingASocket(work: () => void): Promise<void> {
  const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('data', () => {
      try {
        work();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
  socket.destroy();
  server.close();
}

it('counts an answer that came in time, though nobody had time to take it', async () => {
  const threads = new FoldThreads({ foldsUrl, deadlineMs: DEADLINE_MS });
  const word = new Int32Array(new SharedArrayBuffer(8));
  const job: FoldJob = { fold: 'conversations', context: { word }, events: [], unreadable: 'mark' };
  word[0] = 1;
  expect((await threads.fold(job, 'healthy')).ok).toBe(true);

  word.fill(0);
  const outcome = threads.fold(job, 'healthy');
  await whileReadingASocket(() => {
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
    expect(Atomics.wait(word, 1, 0, 30_000)).not.toBe('timed-out');
    // the deadline passes meanwhile
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * DEADLINE_MS);
  });
  expect(await outcome).toEqual({ ok: true, changes: { markers: [] } });
  await threads.onModuleDestroy();
});
