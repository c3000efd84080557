import type { ConversationCommand, Decision, Facts } from './commands.js';
import { noFacts } from './commands.js';
import {
  startConversation,
  renameConversation,
  archiveConversation,
  unarchiveConversation,
  trashConversation,
  restoreConversation,
  selectBranch,
} from './decide-conversation.js';
import { postMessage, editMessage, removeMessage, appendChunk, completeMessage } from './decide-message.js';
import { requestTurn, regenerate, cancelTurn, interruptTurn, failTurn } from './decide-turn.js';
import { refuseAbsent, type Decide } from './decide-rules.js';
import { DomainRefusal } from './refusal.js';
import type { ConversationState } from './state.js';

const deciders: { [T in ConversationCommand['type']]: Decide<T> } = {
  startConversation,
  renameConversation,
  archiveConversation,
  unarchiveConversation,
  trashConversation,
  restoreConversation,
  postMessage,
  editMessage,
  removeMessage,
  selectBranch,
  appendChunk,
  completeMessage,
  regenerate,
  requestTurn,
  cancelTurn,
  interruptTurn,
  failTurn,
};

/** What may be done with a conversation in the trash: have it back, and end what still runs in it. */
const allowedInTrash = new Set<ConversationCommand['type']>([
  'trashConversation',
  'restoreConversation',
  'cancelTurn',
  'interruptTurn',
  'failTurn',
]);

/**
 * The events that a command means for a conversation in this state. Pure: the same state, command and facts decide the
 * same, a pruned state as a full one (with the facts that `collectFacts` finds).
 * A command that asks for what is so already decides no events.
 * @throws DomainRefusal `not_found`, `conversation_exists`, `conversation_trashed`, `turn_in_progress` (details:
 * `turnId`), `turn_finished`, `nothing_to_answer`, `blank`, `too_long`.
 */
export function decide(
  state: ConversationState,
  command: ConversationCommand,
  facts: Facts = noFacts,
): Decision {
  if (command.type !== 'startConversation') {
    if (state.seq === 0) refuseAbsent('conversation', 'conversationId');
    if (state.trashed && !allowedInTrash.has(command.type)) {
      throw new DomainRefusal(
        'conversation_trashed',
        409,
        'The conversation is in the trash: restore it first.',
      );
    }
  }
  const decider = deciders[command.type] as Decide<ConversationCommand['type']>;
  return decider(state, command, facts);
}
