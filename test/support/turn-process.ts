import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import {
  AssistantModule,
  ClaudeClient,
  ClockTool,
  TURN_SIGNALS,
  ToolRegistry,
  TurnReaper,
  TurnRunner,
  type FileTool,
  type Tool,
  type TurnSignals,
} from '#assistant';
import { CommandExecutor, ConversationRepository, StreamGate, TurnSettler } from '#conversations';
import { BlobStore, EventLog } from '#event-log';
import {
  CONFIG,
  Database,
  JobQueues,
  loadConfig,
  ProcessReports,
  type Config,
  type JobData,
} from '#platform';
import { ProjectCommands, ProjectRepository } from '#projects';

export type ProcessOptions = { config?: Partial<Config>; tools?: (Tool | FileTool)[]; signals?: TurnSignals };

/** What one process has for its conversations and turns: the real modules, but no queue. */
export type TurnProcess = {
  log: EventLog;
  executor: CommandExecutor;
  /** For commands that are not one conversation's alone. */
  bus: CommandBus;
  settler: TurnSettler;
  conversations: ConversationRepository;
  gate: StreamGate;
  projects: ProjectRepository;
  projectCommands: ProjectCommands;
  blobs: BlobStore;
  runner: TurnRunner;
  reaper: TurnReaper;
  /** The jobs that were enqueued: nobody takes them. */
  jobs: JobData[];
  close(): Promise<void>;
};

@Module({})
class TestPlatform {
  static of(config: Config, database: Database, jobs: JobData[], signals?: TurnSignals): DynamicModule {
    const enqueue = (_: string, data: JobData): Promise<boolean> => Promise.resolve(jobs.push(data) > 0);
    const enqueueBulk = (_: string, items: { data: JobData }[]): Promise<boolean> =>
      Promise.resolve(jobs.push(...items.map(({ data }) => data)) >= 0);
    return {
      module: TestPlatform,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Database, useValue: database },
        { provide: JobQueues, useValue: { enqueue, enqueueBulk } },
        { provide: ProcessReports, useValue: new ProcessReports(database, 'test') },
        { provide: TURN_SIGNALS, useValue: signals },
      ],
      exports: [CONFIG, Database, JobQueues, ProcessReports, TURN_SIGNALS],
    };
  }
}

/** Puts a process together on a database and a model server. */
export async function openTurnProcess(
  url: string,
  modelUrl: string,
  options: ProcessOptions = {},
): Promise<TurnProcess> {
  const { signals, tools = [new ClockTool()] } = options;
  const config: Config = {
    ...loadConfig({}),
    model: 'test-model',
    anthropicBaseUrl: modelUrl,
    upstreamIdleMs: 2_000,
    ...options.config,
  };
  const database = await Database.connect({ url, poolSize: 8 });
  const jobs: JobData[] = [];
  const builder = Test.createTestingModule({
    imports: [TestPlatform.of(config, database, jobs, signals), AssistantModule],
  });
  const claude = { apiKey: 'test', baseUrl: modelUrl, idleMs: config.upstreamIdleMs, retryDelayMs: 5 };
  builder.overrideProvider(ClaudeClient).useValue(new ClaudeClient(claude));
  builder.overrideProvider(ToolRegistry).useValue(new ToolRegistry(tools));
  const app = await builder.compile();
  await app.init();
  Logger.overrideLogger(false);
  return {
    log: app.get(EventLog, { strict: false }),
    executor: app.get(CommandExecutor, { strict: false }),
    bus: app.get(CommandBus, { strict: false }),
    settler: app.get(TurnSettler, { strict: false }),
    conversations: app.get(ConversationRepository, { strict: false }),
    gate: app.get(StreamGate, { strict: false }),
    projects: app.get(ProjectRepository, { strict: false }),
    projectCommands: app.get(ProjectCommands, { strict: false }),
    blobs: app.get(BlobStore, { strict: false }),
    runner: app.get(TurnRunner, { strict: false }),
    reaper: app.get(TurnReaper, { strict: false }),
    jobs,
    close: async () => {
      await app.close();
      await database.end();
    },
  };
}
