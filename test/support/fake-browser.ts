import type { Environment, KeyValueStorage, TabChannel, TabLocks } from '#client';

/** `localStorage` with a limit on the characters that it holds. */
export class MemoryStorage implements KeyValueStorage {
  readonly items = new Map<string, string>();

  constructor(private readonly limit = Infinity) {}

  get length(): number {
    return this.items.size;
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    const others = [...this.items].filter(([other]) => other !== key);
    const held = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    if (held + key.length + value.length > this.limit)
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

type Request = { tab: object; run: (lock: unknown) => Promise<void>; settle: (error?: unknown) => void };

/** Web Locks as the standard has them, for the tabs of one made-up browser. */
class Locks {
  private readonly held = new Map<string, Request>();
  private readonly queues = new Map<string, Request[]>();

  of(tab: object): TabLocks {
    return {
      request: (name, { signal, ifAvailable, steal }, run) =>
        new Promise((resolve, reject) => {
          const settle = (error?: unknown): void =>
            error === undefined ? resolve(undefined) : reject(error);
          const request: Request = { tab, run, settle };
          const holder = this.held.get(name);
          if (steal && holder) {
            this.held.delete(name);
            holder.settle(new DOMException('The lock was stolen.', 'AbortError'));
          }
          if (!this.held.has(name)) return this.grant(name, request);
          if (ifAvailable) return void run(null).then(() => settle(), settle);
          const queue = this.queues.get(name) ?? [];
          this.queues.set(name, [...queue, request]);
          signal?.addEventListener('abort', () => {
            this.drop(name, request);
            settle(new DOMException('The request was aborted.', 'AbortError'));
          });
        }),
    };
  }

  /** A tab that dies gives up what it holds and what it waits for. */
  release(tab: object): void {
    for (const [name, queue] of this.queues)
      this.queues.set(
        name,
        queue.filter((one) => one.tab !== tab),
      );
    for (const [name, holder] of this.held) if (holder.tab === tab) this.next(name, holder);
  }

  private grant(name: string, request: Request): void {
    this.held.set(name, request);
    void this.whileHeld(name, request);
  }

  private async whileHeld(name: string, request: Request): Promise<void> {
    try {
      await request.run({ name });
      request.settle();
    } catch (error) {
      request.settle(error);
    }
    this.next(name, request);
  }

  private next(name: string, holder: Request): void {
    if (this.held.get(name) !== holder) return;
    this.held.delete(name);
    const [first, ...rest] = this.queues.get(name) ?? [];
    this.queues.set(name, rest);
    if (first) this.grant(name, first);
  }

  private drop(name: string, request: Request): void {
    this.queues.set(
      name,
      (this.queues.get(name) ?? []).filter((one) => one !== request),
    );
  }
}

/** A tab of a made-up browser. */
export type FakeTab = {
  environment: Environment;
  /** Ends it as a killed process ends: nothing that it would still do is done. */
  kill(): void;
  /** Nothing reaches it and nothing comes from it, but it keeps its locks. */
  freeze(): void;
  setVisible(isVisible: boolean): void;
  setOnline(isOnline: boolean): void;
};

/** Tabs that share locks, channels and a storage. */
export class FakeBrowser {
  readonly storage = new MemoryStorage();
  private readonly locks = new Locks();
  private readonly channels = new Map<
    string,
    Set<TabChannel & { tab: object; hear: (data: unknown) => void }>
  >();

  constructor(private readonly fetch: typeof globalThis.fetch) {}

  open(): FakeTab {
    const tab = { isAlive: true, isFrozen: false, isVisible: true, isOnline: true };
    const wakes = new Set<() => void>();
    const aborts = new Set<AbortController>();
    const wake = (): void => wakes.forEach((listener) => listener());
    const environment: Environment = {
      fetch: (input, init) => {
        // what is dead asks for nothing
        if (!tab.isAlive) return new Promise<never>(() => undefined);
        const dead = new AbortController();
        aborts.add(dead);
        const signals = [dead.signal, ...(init?.signal ? [init.signal] : [])];
        return this.fetch(input, { ...init, signal: AbortSignal.any(signals) });
      },
      storage: this.storage,
      locks: this.locks.of(tab),
      openChannel: (name) => this.channel(name, tab),
      isOnline: () => tab.isOnline,
      isVisible: () => tab.isVisible,
      onWake: (listener) => {
        wakes.add(listener);
        return () => wakes.delete(listener);
      },
      nextFrame: (run) => void setTimeout(run, 16),
      random: () => 0.5,
    };
    return {
      environment,
      kill: () => {
        tab.isAlive = false;
        for (const abort of aborts) abort.abort();
        this.locks.release(tab);
      },
      freeze: () => {
        tab.isFrozen = true;
      },
      setVisible: (isVisible) => {
        tab.isVisible = isVisible;
        wake();
      },
      setOnline: (isOnline) => {
        tab.isOnline = isOnline;
        wake();
      },
    };
  }

  private channel(name: string, tab: { isAlive: boolean; isFrozen: boolean }): TabChannel {
    const members = this.channels.get(name) ?? new Set();
    this.channels.set(name, members);
    let hear: ((event: { data: unknown }) => void) | null = null;
    const channel: TabChannel & { tab: typeof tab; hear: (data: unknown) => void } = {
      tab,
      hear: (data) => hear?.({ data }),
      addEventListener: (_type, listener) => {
        hear = listener;
      },
      close: () => void members.delete(channel),
      postMessage: (message) => {
        if (!tab.isAlive || tab.isFrozen || !members.has(channel)) return;
        const data: unknown = structuredClone(message);
        for (const other of members) {
          const { isAlive, isFrozen } = other.tab as typeof tab;
          if (other !== channel && isAlive && !isFrozen) setTimeout(() => other.hear(data), 0);
        }
      },
    };
    members.add(channel);
    return channel;
  }
}
