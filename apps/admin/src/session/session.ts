import type { INestApplicationContext } from '@nestjs/common';
import type { Config, OpenedDatabase } from '#platform';

/** The service's parts on an open database, for one command. */
export class Session {
  constructor(
    private readonly app: INestApplicationContext,
    readonly config: Config,
    /** Whose PostgreSQL it is. */
    readonly server: OpenedDatabase['server'],
  ) {}

  /** The one of this process. */
  get<T>(part: Function & { prototype: T }): T {
    return this.app.get<T>(part, { strict: false });
  }
}
