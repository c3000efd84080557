/**
 * Loaded into a service process before the program (`--import`): tells, over HTTP on BENCH_PROBE_PORT, when the appends of stamped
 * deltas were acknowledged to their writer, and takes CPU profiles. It wraps `EventLog.append`, which is where the writer waits,
 * and costs some microseconds a unit.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { AppendUnit } from '#event-log';
import { Latencies } from './latencies.js';
import { microseconds, stampIn } from './wall-clock.js';

const latencies = new Latencies();

async function noteCommits(): Promise<void> {
  await import('reflect-metadata');
  // here and not above: a thread that loads this too would hold the whole program
  const { EventLog } = await import('#event-log');
  // called with its `this` below
  // eslint-disable-next-line typescript/unbound-method
  const { append } = EventLog.prototype;
  EventLog.prototype.append = async function (unit: AppendUnit) {
    const outcome = await append.call(this, unit);
    const now = microseconds();
    for (const { events } of unit.appends) {
      for (const { type, data } of events) {
        if (type !== 'StreamDeltaReceived') continue;
        const stamp = stampIn(String((data as { delta?: { text?: string } }).delta?.text));
        if (stamp !== null) latencies.add(now - stamp);
      }
    }
    return outcome;
  };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const session = new Session();
async function profile(file: string | null): Promise<void> {
  if (file === null) {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return;
  }
  writeFileSync(file, JSON.stringify((await session.post('Profiler.stop')).profile));
  session.disconnect();
}

if (isMainThread) {
  await noteCommits();
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answers: Record<string, () => unknown> = {
      '/commits': () => latencies.take(),
      '/memory': () => {
        collectGarbage();
        return process.memoryUsage();
      },
      '/profile': () => profile(searchParams.get('to')),
    };
    // none that is kept open delays the process's end
    response.setHeader('connection', 'close');
    void Promise.resolve(answers[pathname]?.()).then((answer) =>
      response.end(JSON.stringify(answer ?? null)),
    );
  })
    .listen(Number(process.env.BENCH_PROBE_PORT), '127.0.0.1')
    .unref();
}
