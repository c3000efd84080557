import type { TestServer } from './server.js';
import { until } from './until.js';

/** So often in a row it may fail to start. */
const STARTS = 20;

/** A process that is started again whenever it ends, as an orchestrator does. */
export class Supervised {
  /** How often it ended, or did not get ready. */
  deaths = 0;
  private server: TestServer | null = null;
  private failure: unknown = null;
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(private readonly start: () => Promise<TestServer>) {
    this.running = this.keepRunning().catch((error: unknown) => void (this.failure = error));
  }

  /** Resolves when a process is ready. @throws when none gets there */
  async ready(): Promise<TestServer> {
    await until(() => this.server !== null || this.failure !== null);
    if (!this.server) throw this.failure;
    return this.server;
  }

  /** Kills the one that is ready, or the next that is; resolves when it is gone. */
  async kill9(): Promise<void> {
    const server = await this.ready();
    await server.kill9();
    await until(() => this.server !== server);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server?.stop();
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    for (let failures = 0; !this.stopping;) {
      try {
        const server = await this.start();
        this.server = server;
        failures = 0;
        if (this.stopping) await server.stop();
        await server.ended;
      } catch (error) {
        failures += 1;
        if (failures === STARTS) throw error;
      }
      this.server = null;
      if (!this.stopping) this.deaths += 1;
    }
  }
}
