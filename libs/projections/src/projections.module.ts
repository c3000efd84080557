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
import { MessageQueries } from './read-models/messages/message.queries.js';
import { MessagesProjection } from './read-models/messages/messages.projection.js';
import { InFlightFolds } from './reading/in-flight.folds.js';
import { ReadFolds } from './reading/read-folds.js';
import { Snapshots } from './reading/snapshots.js';
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
    GenerationCatalog,
    InFlightFolds,
    MessageQueries,
    MessagesProjection,
    ParkedQueries,
    ProjectionRegistry,
    ProjectionRunner,
    ProjectionTrigger,
    ReadFolds,
    Snapshots,
    Sweeper,
  ],
  exports: [ConversationQueries, MessageQueries, ParkedQueries, ProjectionRunner, Sweeper],
})
export class ProjectionsModule implements OnModuleInit {
  constructor(private readonly catalog: GenerationCatalog) {}

  async onModuleInit(): Promise<void> {
    await this.catalog.assertReadable();
  }
}
