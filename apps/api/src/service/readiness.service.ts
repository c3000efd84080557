import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ReadinessReport } from '#contracts';
import { Database, schemaState } from '#platform';

/** Whether requests can be served here now. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private draining = false;
  private migrated = false;

  constructor(private readonly database: Database) {}

  async check(): Promise<ReadinessReport> {
    if (this.draining) return { status: 'draining' };
    try {
      if (!this.migrated) this.migrated = (await schemaState(this.database.pool)).missing.length === 0;
      if (!this.migrated) return { status: 'starting' };
      await this.database.query('select 1');
      return { status: 'ready' };
    } catch {
      // Whatever the reason, it is not ready; the failing requests themselves say why.
      return { status: 'unavailable' };
    }
  }

  /** From now on new traffic should go elsewhere. */
  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }
}
