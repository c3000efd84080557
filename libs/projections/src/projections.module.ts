import { Module, type OnModuleInit } from '@nestjs/common';
import { EventLogModule } from '#event-log';
import { GenerationCatalog } from './checkpoints/generation-catalog.js';
import { ParkedQueries } from './checkpoints/parked.queries.js';
import { FoldThreads } from './folding/fold-threads.js';
import { ProjectionRegistry } from './projection-registry.js';
import { ConversationAt } from './read-models/conversations/conversation-at.js';
import { ConversationList } from './read-models/conversations/conversation-list.js';
import { ConversationState } from './read-models/conversations/conversation-state.js';
import { ConversationTails } from './read-models/conversations/conversation-tails.js';
import { ConversationQueries } from './read-models/conversations/conversation.queries.js';
import { ConversationsProjection } from './read-models/conversations/conversations.projection.js';
import { ExactMessages } from './read-models/messages/exact-messages.js';
import { ExportReads } from './read-models/messages/export-reads.js';
import { MessageQueries } from './read-models/messages/message.queries.js';
import { MessagesProjection } from './read-models/messages/messages.projection.js';
import { PathMessageReads } from './read-models/messages/path-messages.js';
import { MomentViews } from './read-models/moments/moment-view.js';
import { MomentsProjection } from './read-models/moments/moments.projection.js';
import { Timelines } from './read-models/moments/timeline.js';
import { ProjectAt } from './read-models/projects/project-at.js';
import { ProjectContents } from './read-models/projects/project-contents.js';
import { ProjectList } from './read-models/projects/project-list.js';
import { ProjectReads } from './read-models/projects/project-reads.js';
import { ProjectViews } from './read-models/projects/project-views.js';
import { VersionRows } from './read-models/projects/version-rows.js';
import { ProjectTrees } from './read-models/projects/project-trees.js';
import { ProjectsProjection } from './read-models/projects/projects.projection.js';
import { FoldBases } from './reading/fold-bases.js';
import { InFlightFolds } from './reading/in-flight.folds.js';
import { ReadFolds } from './reading/read-folds.js';
import { SeamStates } from './reading/seam-states.js';
import { Snapshots } from './reading/snapshots.js';
import { StreamTimes } from './reading/stream-times.js';
import { ProjectionRunner } from './running/projection-runner.js';
import { ProjectionTrigger } from './running/projection-trigger.js';
import { Sweeper } from './running/sweeper.js';

/**
 * Read models and what keeps them up. Needs the global PlatformModule. The sweeper runs where it is started. Start fails
 * where this code cannot read some projection.
 */
@Module({
  imports: [EventLogModule],
  providers: [
    { provide: FoldThreads, useFactory: () => new FoldThreads() },
    ConversationAt,
    ConversationList,
    ConversationQueries,
    ConversationState,
    ConversationTails,
    ConversationsProjection,
    ExactMessages,
    FoldBases,
    ExportReads,
    GenerationCatalog,
    InFlightFolds,
    MessageQueries,
    MessagesProjection,
    MomentViews,
    MomentsProjection,
    PathMessageReads,
    Timelines,
    ParkedQueries,
    ProjectAt,
    ProjectContents,
    ProjectList,
    ProjectReads,
    ProjectViews,
    VersionRows,
    ProjectTrees,
    ProjectsProjection,
    ProjectionRegistry,
    ProjectionRunner,
    ProjectionTrigger,
    ReadFolds,
    SeamStates,
    Snapshots,
    StreamTimes,
    Sweeper,
  ],
  exports: [
    ExportReads,
    StreamTimes,
    ConversationQueries,
    MessageQueries,
    ParkedQueries,
    ProjectReads,
    ProjectTrees,
    ProjectionRunner,
    Sweeper,
  ],
})
export class ProjectionsModule implements OnModuleInit {
  constructor(private readonly catalog: GenerationCatalog) {}

  async onModuleInit(): Promise<void> {
    await this.catalog.assertReadable();
  }
}
