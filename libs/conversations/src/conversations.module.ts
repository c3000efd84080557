import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CommandsModule } from '#commands';
import { EventLogModule } from '#event-log';
import { CommandBatch } from './command-batch.js';
import { CommandExecutor } from './command-executor.js';
import { AppendChunkHandler } from './commands/append-chunk/append-chunk.handler.js';
import { ArchiveConversationHandler } from './commands/archive-conversation/archive-conversation.handler.js';
import { CancelTurnHandler } from './commands/cancel-turn/cancel-turn.handler.js';
import { CompleteMessageHandler } from './commands/complete-message/complete-message.handler.js';
import { EditMessageHandler } from './commands/edit-message/edit-message.handler.js';
import { ForkConversationHandler } from './commands/fork-conversation/fork-conversation.handler.js';
import { PostMessageHandler } from './commands/post-message/post-message.handler.js';
import { RegenerateHandler } from './commands/regenerate/regenerate.handler.js';
import { RemoveMessageHandler } from './commands/remove-message/remove-message.handler.js';
import { RenameConversationHandler } from './commands/rename-conversation/rename-conversation.handler.js';
import { RequestTurnHandler } from './commands/request-turn/request-turn.handler.js';
import { RestoreConversationHandler } from './commands/restore-conversation/restore-conversation.handler.js';
import { SelectBranchHandler } from './commands/select-branch/select-branch.handler.js';
import { StartConversationHandler } from './commands/start-conversation/start-conversation.handler.js';
import { TrashConversationHandler } from './commands/trash-conversation/trash-conversation.handler.js';
import { UnarchiveConversationHandler } from './commands/unarchive-conversation/unarchive-conversation.handler.js';
import { ConversationForks } from './conversation-forks.js';
import { ConversationRepository } from './conversation.repository.js';
import { CreationFacts } from './creation-facts.js';
import { EntityLocator } from './entity-locator.js';
import { PastStates } from './past-states.js';
import { ProjectPlaces } from './project-places.js';
import { TurnOutcomes } from './turn-outcomes.js';
import { TurnSettler } from './turn-settler.js';
import { TurnVersions } from './turn-versions.js';

const handlers = [
  AppendChunkHandler,
  ArchiveConversationHandler,
  CancelTurnHandler,
  CompleteMessageHandler,
  EditMessageHandler,
  ForkConversationHandler,
  PostMessageHandler,
  RegenerateHandler,
  RemoveMessageHandler,
  RenameConversationHandler,
  RequestTurnHandler,
  RestoreConversationHandler,
  SelectBranchHandler,
  StartConversationHandler,
  TrashConversationHandler,
  UnarchiveConversationHandler,
];
const services = [
  CommandBatch,
  CommandExecutor,
  ConversationRepository,
  EntityLocator,
  TurnSettler,
  TurnVersions,
];

/** The write side of conversations. Needs the global PlatformModule; commands go over Nest's CommandBus. */
@Module({
  imports: [CqrsModule.forRoot(), CommandsModule, EventLogModule],
  providers: [
    ...handlers,
    ...services,
    ConversationForks,
    CreationFacts,
    PastStates,
    ProjectPlaces,
    TurnOutcomes,
  ],
  exports: [...services, CommandsModule, CqrsModule],
})
export class ConversationsModule {}
