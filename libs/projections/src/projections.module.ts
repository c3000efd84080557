import { Module, type OnModuleInit } from '@nestjs/common';
import { EventLogModule } from '#event-log';
import { Database } from '#platform';
import { GenerationCatalog } from './checkpoints/generation-catalog.js';
import { OldestUnprojected } from './checkpoints/oldest-unprojected.js';
import { ParkedQueries } from './checkpoints/parked.queries.js';
import { ProjectionOverview } from './checkpoints/projection-overview.js';
import { DocumentProjection } from './documents/document-projection.js';
import { documentDefinitions } from './documents/document-projections.js';
import { DocumentReads } from './documents/document-reads.js';
import { FoldThreads } from './folding/fold-threads.js';
import type { AnyProjection } from './projection.js';
import { ProjectionMetrics } from './projection-metrics.js';
import { ProjectionRegistry } from './projection-registry.js';
import { projectionClasses } from './registered-projections.js';
import { ConversationAt } from './read-models/conversations/conversation-at.js';
import { ConversationList } from './read-models/conversations/conversation-list.js';
import { ConversationState } from './read-models/conversations/conversation-state.js';
import { ConversationTails } from './read-models/conversations/conversation-tails.js';
import { ConversationQueries } from './read-models/conversations/conversation.queries.js';
import { ExactMessages } from './read-models/messages/exact-messages.js';
import { ExportReads } from './read-models/messages/export-reads.js';
import { MessageQueries } from './read-models/messages/message.queries.js';
import { PathMessageReads } from './read-models/messages/path-messages.js';
import { MomentViews } from './read-models/moments/moment-view.js';
import { Timelines } from './read-models/moments/timeline.js';
import { ProjectAt } from './read-models/projects/project-at.js';
import { ProjectContents } from './read-models/projects/project-contents.js';
import { ProjectList } from './read-models/projects/project-list.js';
import { ProjectReads } from './read-models/projects/project-reads.js';
import { ProjectViews } from './read-models/projects/project-views.js';
import { VersionRows } from './read-models/projects/version-rows.js';
import { ProjectTrees } from './read-models/projects/project-trees.js';
import { Searches } from './read-models/search/searches.js';
import { FoldBases } from './reading/fold-bases.js';
import { InFlightFolds } from './reading/in-flight.folds.js';
import { ReadFolds } from './reading/read-folds.js';
import { SeamStates } from './reading/seam-states.js';
import { Snapshots } from './reading/snapshots.js';
import { StreamTimes } from './reading/stream-times.js';
import { HourlyRepair } from './running/hourly-repair.js';
import { PendingRepair } from './running/pending-repair.js';
import { BucketCopier } from './rebuild/bucket-copier.js';
import { GenerationJanitor } from './rebuild/generation-janitor.js';
import { GenerationPointer } from './rebuild/generation-pointer.js';
import { GenerationTables } from './rebuild/generation-tables.js';
import { RebuildFinisher } from './rebuild/rebuild-finisher.js';
import { RebuildLocks } from './rebuild/rebuild-locks.js';
import { RebuildPreparer } from './rebuild/rebuild-preparer.js';
import { RebuildStarts } from './rebuild/rebuild-starts.js';
import { RebuildStore } from './rebuild/rebuild-store.js';
import { RebuildWorker } from './rebuild/rebuild-worker.js';
import { Rebuilds } from './rebuild/rebuilds.service.js';
import { Reconciler } from './rebuild/reconciler.js';
import { StreamComparer } from './rebuild/stream-comparer.js';
import { StreamPages } from './rebuild/stream-pages.js';
import { StreamRebuild } from './rebuild/stream-rebuild.js';
import { Throttle } from './rebuild/throttle.js';
import { WholeFold } from './rebuild/whole-fold.js';
import { ProjectionRunner } from './running/projection-runner.js';
import { ProjectionTrigger } from './running/projection-trigger.js';
import { Sweeper } from './running/sweeper.js';
import { Auditor } from './verify/auditor.js';
import { DeepCheck } from './verify/deep-check.js';
import { InFlightRows } from './verify/in-flight-rows.js';
import { IndependentFold } from './verify/independent-fold.js';
import { IndependentProject } from './verify/independent-project.js';
import { StreamVerifier } from './verify/stream-verifier.js';
import { Verifier } from './verify/verifier.js';

/**
 * Read models and what keeps them up. Needs the global PlatformModule. The sweeper runs where it is started. Start fails
 * where this code cannot read some projection.
 */
@Module({
  imports: [EventLogModule],
  providers: [
    ...projectionClasses,
    { provide: FoldThreads, useFactory: () => new FoldThreads() },
    Auditor,
    ConversationAt,
    ConversationList,
    ConversationQueries,
    ConversationState,
    ConversationTails,
    DocumentReads,
    DeepCheck,
    ExactMessages,
    FoldBases,
    ExportReads,
    GenerationCatalog,
    HourlyRepair,
    InFlightFolds,
    InFlightRows,
    IndependentFold,
    IndependentProject,
    MessageQueries,
    MomentViews,
    PathMessageReads,
    Timelines,
    {
      provide: OldestUnprojected,
      inject: [Database],
      useFactory: (database: Database) => new OldestUnprojected(database),
    },
    ProjectionMetrics,
    ParkedQueries,
    ProjectionOverview,
    PendingRepair,
    ProjectAt,
    ProjectContents,
    ProjectList,
    ProjectReads,
    ProjectViews,
    VersionRows,
    ProjectTrees,
    {
      provide: ProjectionRegistry,
      inject: projectionClasses,
      useFactory: (...projections: AnyProjection[]) =>
        new ProjectionRegistry([
          ...projections,
          ...documentDefinitions.map((definition) => new DocumentProjection(definition)),
        ]),
    },
    ProjectionRunner,
    ProjectionTrigger,
    BucketCopier,
    GenerationJanitor,
    GenerationPointer,
    GenerationTables,
    ReadFolds,
    RebuildFinisher,
    RebuildLocks,
    RebuildPreparer,
    RebuildStarts,
    RebuildStore,
    RebuildWorker,
    Rebuilds,
    Reconciler,
    StreamComparer,
    StreamPages,
    StreamRebuild,
    Throttle,
    WholeFold,
    SeamStates,
    Searches,
    Snapshots,
    StreamTimes,
    StreamVerifier,
    Sweeper,
    Verifier,
  ],
  exports: [
    Auditor,
    ExportReads,
    StreamTimes,
    ConversationQueries,
    MessageQueries,
    OldestUnprojected,
    ParkedQueries,
    ProjectionOverview,
    PendingRepair,
    ProjectReads,
    ProjectTrees,
    ProjectionRunner,
    DocumentReads,
    RebuildWorker,
    Rebuilds,
    Searches,
    Sweeper,
    Verifier,
  ],
})
export class ProjectionsModule implements OnModuleInit {
  constructor(private readonly catalog: GenerationCatalog) {}

  async onModuleInit(): Promise<void> {
    await this.catalog.assertReadable();
  }
}
