import { randomUUID } from 'node:crypto';
import { BlobStore, ClearPayloadCodec, type EventLog, type NewEvent } from '#event-log';
import type { LoggedEvent } from '#model';
import { Database } from '#platform';
import { GenerationCatalog } from '../../libs/projections/src/checkpoints/generation-catalog.js';
import { ParkedQueries } from '../../libs/projections/src/checkpoints/parked.queries.js';
import { FoldThreads } from '../../libs/projections/src/folding/fold-threads.js';
import type { AnyProjection } from '../../libs/projections/src/projection.js';
import { ProjectionRegistry } from '../../libs/projections/src/projection-registry.js';
import { ConversationAt } from '../../libs/projections/src/read-models/conversations/conversation-at.js';
import { ConversationList } from '../../libs/projections/src/read-models/conversations/conversation-list.js';
import { ConversationState } from '../../libs/projections/src/read-models/conversations/conversation-state.js';
import { ConversationTails } from '../../libs/projections/src/read-models/conversations/conversation-tails.js';
import { ConversationQueries } from '../../libs/projections/src/read-models/conversations/conversation.queries.js';
import { ConversationsProjection } from '../../libs/projections/src/read-models/conversations/conversations.projection.js';
import { ExactMessages } from '../../libs/projections/src/read-models/messages/exact-messages.js';
import { ExportReads } from '../../libs/projections/src/read-models/messages/export-reads.js';
import { MessageQueries } from '../../libs/projections/src/read-models/messages/message.queries.js';
import { MessagesProjection } from '../../libs/projections/src/read-models/messages/messages.projection.js';
import { PathMessageReads } from '../../libs/projections/src/read-models/messages/path-messages.js';
import { MomentViews } from '../../libs/projections/src/read-models/moments/moment-view.js';
import { MomentsProjection } from '../../libs/projections/src/read-models/moments/moments.projection.js';
import { Timelines } from '../../libs/projections/src/read-models/moments/timeline.js';
import { ProjectAt } from '../../libs/projections/src/read-models/projects/project-at.js';
import { ProjectContents } from '../../libs/projections/src/read-models/projects/project-contents.js';
import { ProjectList } from '../../libs/projections/src/read-models/projects/project-list.js';
import { ProjectReads } from '../../libs/projections/src/read-models/projects/project-reads.js';
import { ProjectViews } from '../../libs/projections/src/read-models/projects/project-views.js';
import { VersionRows } from '../../libs/projections/src/read-models/projects/version-rows.js';
import { ProjectTrees } from '../../libs/projections/src/read-models/projects/project-trees.js';
import { ProjectsProjection } from '../../libs/projections/src/read-models/projects/projects.projection.js';
import { SearchProjection } from '../../libs/projections/src/read-models/search/search.projection.js';
import { Searches } from '../../libs/projections/src/read-models/search/searches.js';
import { FoldBases } from '../../libs/projections/src/reading/fold-bases.js';
import { InFlightFolds } from '../../libs/projections/src/reading/in-flight.folds.js';
import { ReadFolds } from '../../libs/projections/src/reading/read-folds.js';
import { SeamStates } from '../../libs/projections/src/reading/seam-states.js';
import { Snapshots } from '../../libs/projections/src/reading/snapshots.js';
import { StreamTimes } from '../../libs/projections/src/reading/stream-times.js';
import { HourlyRepair } from '../../libs/projections/src/running/hourly-repair.js';
import { PendingRepair } from '../../libs/projections/src/running/pending-repair.js';
import { ProjectionRunner } from '../../libs/projections/src/running/projection-runner.js';
import { Sweeper } from '../../libs/projections/src/running/sweeper.js';
import { eventLogOn, TENANT } from './event-log.js';
import { createTestDatabase } from './postgres.js';

export const READER = { tenantId: TENANT, userId: 'owner' };

/** The projections of one process: everything that ProjectionsModule provides, on a pool of its own. */
export type ProjectionProcess = {
  database: Database;
  log: EventLog;
  runner: ProjectionRunner;
  sweeper: Sweeper;
  parked: ParkedQueries;
  repair: PendingRepair;
  catalog: GenerationCatalog;
  registry: ProjectionRegistry;
  threads: FoldThreads;
  bases: FoldBases;
  snapshots: Snapshots;
  conversations: ConversationQueries;
  messages: MessageQueries;
  times: StreamTimes;
  exports: ExportReads;
  trees: ProjectTrees;
  projects: ProjectReads;
  searches: Searches;
  close(): Promise<void>;
};

export async function projectionProcess(
  url: string,
  threads = new FoldThreads(),
  wrap: (database: Database) => Database = (database) => database,
  more: AnyProjection[] = [],
): Promise<ProjectionProcess> {
  const database = wrap(await Database.connect({ url }));
  const log = eventLogOn(database);
  const folds = new ReadFolds(threads);
  const seams = new SeamStates(log, folds);
  const bases = new FoldBases(log, seams);
  const inFlight = new InFlightFolds(log, folds);
  const [conversations, messages] = [new ConversationsProjection(), new MessagesProjection(log, inFlight)];
  const [moments, projects] = [new MomentsProjection(), new ProjectsProjection()];
  const search = new SearchProjection(log);
  const registry = new ProjectionRegistry([conversations, messages, moments, projects, search, ...more]);
  const catalog = new GenerationCatalog(database, registry);
  const runner = new ProjectionRunner(database, log, threads, catalog, bases);
  const snapshots = new Snapshots(database, log, runner, folds, bases, catalog);
  const parked = new ParkedQueries(database, catalog);
  const repair = new PendingRepair(database);
  const tails = new ConversationTails(new ClearPayloadCodec(), folds, log, seams);
  const pathMessages = new PathMessageReads(snapshots, messages, new ExactMessages(inFlight));
  const times = new StreamTimes(log, snapshots);
  const momentViews = new MomentViews(snapshots, moments);
  const conversationAt = new ConversationAt(log, snapshots, conversations, messages);
  const projectAt = new ProjectAt(log, snapshots, projects);
  const projectViews = new ProjectViews(database);
  return {
    database,
    log,
    runner,
    sweeper: new Sweeper({ sweepMs: 0 }, log, runner, catalog, parked, new HourlyRepair(database, repair)),
    parked,
    repair,
    catalog,
    registry,
    threads,
    bases,
    snapshots,
    conversations: new ConversationQueries(
      snapshots,
      conversationAt,
      new ConversationList(database, log, runner, conversations, tails, catalog),
      new ConversationState(snapshots, times, conversationAt, pathMessages, momentViews),
      new Timelines(log, snapshots, momentViews),
    ),
    messages: new MessageQueries(log, snapshots, pathMessages),
    times,
    exports: new ExportReads(snapshots, pathMessages),
    trees: new ProjectTrees(snapshots, projectAt),
    projects: new ProjectReads(
      snapshots,
      projectAt,
      new VersionRows(projectAt),
      new ProjectContents(new BlobStore(database)),
      new ProjectList(database, log, runner, projects, projectAt, projectViews, catalog),
      projectViews,
    ),
    searches: new Searches(database, catalog),
    close: async () => {
      await threads.onModuleDestroy();
      await database.end();
    },
  };
}

export type ProjectionFixture = ProjectionProcess & {
  url: string;
  another(threads?: FoldThreads): Promise<ProjectionProcess>;
};

/** A fresh database, and the projections of one process on it; `another` is another process's. */
export async function openProjections(threads?: FoldThreads): Promise<ProjectionFixture> {
  const { url, drop } = await createTestDatabase();
  const processes: ProjectionProcess[] = [];
  const another = async (more?: FoldThreads) => {
    const process = await projectionProcess(url, more);
    processes.push(process);
    return process;
  };
  const first = await another(threads);
  const close = async () => {
    await Promise.all(processes.map((process) => process.close()));
    await drop();
  };
  return { ...first, url, another, close };
}

/** Ids of a story are small numbers: here they get a prefix of their own, so that many stories fit into one log. */
export function withOwnIds(events: readonly LoggedEvent[], streamId: string): LoggedEvent[] {
  return JSON.parse(
    JSON.stringify(events).replaceAll('00000000-0000-7000-8000-', streamId.slice(0, 24)),
  ) as LoggedEvent[];
}

/** A stream id that `withOwnIds` gives to the story's conversation. */
export function newStreamId(): string {
  return `${randomUUID().slice(0, 24)}000000000000`;
}

/** Appends events as one unit at their seqs, with the entities that they create. */
export async function appendLogged(
  log: EventLog,
  streamId: string,
  events: readonly LoggedEvent[],
  ownerId = 'owner',
): Promise<void> {
  const [first] = events;
  if (!first) return;
  const create = first.seq === 1 ? { tenantId: TENANT, ownerId, kind: 'conversation' as const } : undefined;
  const entities = events
    .filter(({ type }) => ['MessagePosted', 'AssistantMessageStarted', 'ToolCallStarted'].includes(type))
    .map(({ seq, data }) => ({ id: (data as { messageId: string }).messageId, streamId, seq }));
  const fresh: NewEvent[] = events.map(({ type, data, metadata, schemaVersion }) => ({
    eventId: randomUUID(),
    type,
    schemaVersion,
    data,
    metadata: { ...metadata },
  }));
  await log.append({
    appends: [{ streamId, expectedSeq: first.seq - 1, tenantId: TENANT, events: fresh, create }],
    entities,
  });
}
