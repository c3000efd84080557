import { type DynamicModule, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AdminModule } from '#admin';
import { ArchiveModule } from '#archive';
import { ConversationsModule } from '#conversations';
import { EventLogModule } from '#event-log';
import {
  type Config,
  createLogger,
  Database,
  DatabaseUnreachable,
  migrate,
  openDatabase,
  type OpenedDatabase,
  PlatformModule,
  schemaState,
} from '#platform';
import { ProjectionsModule } from '#projections';
import { ProjectsModule } from '#projects';
import { commandConfig } from './command-config.js';
import { Session } from './session.js';

export type SessionOptions = {
  /** What a start of the program on the same data folder is told meanwhile. */
  command: string;
  /** Makes the embedded database where there is none. */
  create?: boolean;
  /** More than the write side, the read side and the administrator's. */
  modules?: (Type | DynamicModule)[];
  /** What the command changes of the configuration. */
  settings?: Partial<Config>;
};

@Module({})
class CommandProcess {}

const POOL_SIZE = 8;

/** Opens the service's parts on the database of the configuration for as long as a command needs them. */
@Injectable()
export class Sessions {
  /**
   * The work's result; then everything is closed, and a server that was started for it is stopped.
   * @throws DatabaseUnreachable, SchemaNewer, ConfigInvalid; what the work throws
   */
  async use<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
    const config = { ...commandConfig(), ...options.settings };
    const { command, create } = options;
    const database = await openDatabase(config, { note: `lol ${command}`, log: tell, create });
    try {
      await requireSchema(database);
      const app = await NestFactory.createApplicationContext(moduleOf(config, database, options), {
        logger: createLogger({ ...config, logLevel: 'warn', write: tell }),
        abortOnError: false,
      });
      try {
        return await work(new Session(app, config, database.server));
      } finally {
        await app.close();
      }
    } finally {
      await database.close();
    }
  }
}

function moduleOf(config: Config, { url }: OpenedDatabase, { modules = [] }: SessionOptions): DynamicModule {
  return {
    module: CommandProcess,
    imports: [
      PlatformModule.register({ ...config, databaseUrl: url }, { reportAs: 'lol', poolSize: POOL_SIZE }),
      EventLogModule,
      ConversationsModule,
      ProjectsModule,
      ProjectionsModule,
      AdminModule,
      ArchiveModule,
      ...modules,
    ],
  };
}

/** Nobody else could migrate a database whose server is ours; any other one is its operator's to migrate. */
async function requireSchema({ url, server }: OpenedDatabase): Promise<void> {
  if (server === 'own') {
    await migrate({ url });
    return;
  }
  const database = await Database.connect({ url, poolSize: 1 });
  try {
    const { missing } = await schemaState(database.pool);
    if (missing.length > 0)
      throw new DatabaseUnreachable(
        `the database lacks ${missing.length} migrations of this program: npm run lol -- migrate`,
      );
  } finally {
    await database.end();
  }
}

function tell(line: string): void {
  process.stderr.write(line.endsWith('\n') ? line : `${line}\n`);
}
