export {
  can,
  StreamGate,
  type Action,
  type CommandContext,
  type Principal,
  type Resource,
  type Scope,
} from '#commands';
export type { CommandAnswer, CommandResult } from './command-answer.js';
export { CommandBatch, type BatchOutcome } from './command-batch.js';
export { CommandExecutor } from './command-executor.js';
export { ConversationRepository, type LoadedConversation } from './conversation.repository.js';
export {
  FORKED_PROJECTS,
  type ForkedProject,
  type ForkedProjects,
  type ProjectPlace,
} from './forked-projects.js';
export { EntityLocator } from './entity-locator.js';
export { TurnSettler } from './turn-settler.js';
export { TurnVersions } from './turn-versions.js';
export { ConversationsModule } from './conversations.module.js';
export { AppendChunk } from './commands/append-chunk/append-chunk.command.js';
export { ArchiveConversation } from './commands/archive-conversation/archive-conversation.command.js';
export { CancelTurn } from './commands/cancel-turn/cancel-turn.command.js';
export { CompleteMessage } from './commands/complete-message/complete-message.command.js';
export { EditMessage } from './commands/edit-message/edit-message.command.js';
export { ForkConversation } from './commands/fork-conversation/fork-conversation.command.js';
export { PostMessage } from './commands/post-message/post-message.command.js';
export { Regenerate } from './commands/regenerate/regenerate.command.js';
export { RemoveMessage } from './commands/remove-message/remove-message.command.js';
export { RenameConversation } from './commands/rename-conversation/rename-conversation.command.js';
export { RequestTurn } from './commands/request-turn/request-turn.command.js';
export { RestoreConversation } from './commands/restore-conversation/restore-conversation.command.js';
export { SelectBranch } from './commands/select-branch/select-branch.command.js';
export { StartConversation } from './commands/start-conversation/start-conversation.command.js';
export { TrashConversation } from './commands/trash-conversation/trash-conversation.command.js';
export { UnarchiveConversation } from './commands/unarchive-conversation/unarchive-conversation.command.js';
