import type { Command } from '@nestjs/cqrs';
import type { CommandContext } from '#commands';
import type { CommandData, CommandType } from '#contracts';
import type { CommandAnswer } from './command-answer.js';
import { AppendChunk } from './commands/append-chunk/append-chunk.command.js';
import { ArchiveConversation } from './commands/archive-conversation/archive-conversation.command.js';
import { CancelTurn } from './commands/cancel-turn/cancel-turn.command.js';
import { CompleteMessage } from './commands/complete-message/complete-message.command.js';
import { EditMessage } from './commands/edit-message/edit-message.command.js';
import { ForkConversation } from './commands/fork-conversation/fork-conversation.command.js';
import { PostMessage } from './commands/post-message/post-message.command.js';
import { Regenerate } from './commands/regenerate/regenerate.command.js';
import { RemoveMessage } from './commands/remove-message/remove-message.command.js';
import { RenameConversation } from './commands/rename-conversation/rename-conversation.command.js';
import { RequestTurn } from './commands/request-turn/request-turn.command.js';
import { RestoreConversation } from './commands/restore-conversation/restore-conversation.command.js';
import { SelectBranch } from './commands/select-branch/select-branch.command.js';
import { StartConversation } from './commands/start-conversation/start-conversation.command.js';
import { TrashConversation } from './commands/trash-conversation/trash-conversation.command.js';
import { UnarchiveConversation } from './commands/unarchive-conversation/unarchive-conversation.command.js';

type Catalog = {
  [T in CommandType]: new (context: CommandContext, input: CommandData<T>) => Command<CommandAnswer>;
};

/** The command of each wire type. A type without one does not compile. */
export const commandCatalog: Catalog = {
  startConversation: StartConversation,
  forkConversation: ForkConversation,
  renameConversation: RenameConversation,
  archiveConversation: ArchiveConversation,
  unarchiveConversation: UnarchiveConversation,
  trashConversation: TrashConversation,
  restoreConversation: RestoreConversation,
  selectBranch: SelectBranch,
  postMessage: PostMessage,
  editMessage: EditMessage,
  removeMessage: RemoveMessage,
  appendChunk: AppendChunk,
  completeMessage: CompleteMessage,
  regenerate: Regenerate,
  requestTurn: RequestTurn,
  cancelTurn: CancelTurn,
};
