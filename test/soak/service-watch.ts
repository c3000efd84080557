import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ApiClient } from '../support/api-client.js';
import type { MemorySample } from '../support/memory-growth.js';

const EVERY_MS = 2_000;

/** Looks at the service from outside, every two seconds: the memory of its process, and how far its projections lag. */
export class ServiceWatch {
  readonly memory: MemorySample[] = [];
  /** The heap of the process, MB: at its lowest it is what is held. */
  readonly heap: MemorySample[] = [];
  private worstLag = 0;
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly server: { url: string; pid: number },
    private readonly began = performance.now(),
  ) {
    this.running = this.run();
    this.running.catch(() => undefined);
  }

  /** The worst lag in seconds since the last call. */
  takeLag(): number {
    const { worstLag } = this;
    this.worstLag = 0;
    return worstLag;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const atMs = performance.now() - this.began;
      this.memory.push({ atMs, mb: await residentMb(this.server.pid) });
      this.heap.push({ atMs, mb: await heapMb(this.server.url) });
      this.worstLag = Math.max(this.worstLag, await lagSeconds(this.server.url));
      await pause(EVERY_MS);
    }
  }
}

/** How long the stream that has waited longest has been behind; 0: none is. */
export async function lagSeconds(url: string): Promise<number> {
  const { status, json } = await new ApiClient(url).get('/api/admin/projections');
  if (status !== 200) return 0;
  return Math.max(0, ...(json as { lagSeconds: number }[]).map((report) => report.lagSeconds));
}

/** What of its heap the process uses, as it says itself. */
async function heapMb(url: string): Promise<number> {
  const { text } = await new ApiClient(url).get('/metrics');
  return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1] ?? 0) / 1_048_576;
}

/** Memory that the process holds, shared pages included. */
async function residentMb(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1_024;
}
