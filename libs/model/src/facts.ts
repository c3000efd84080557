import type { ConversationCommand, Facts, MessageFact } from './commands.js';
import type { ConversationState } from './state.js';

/** How a message came to be, from the state where it is loaded, else from the facts; undefined when there is none. */
export function findMessage(state: ConversationState, facts: Facts, id: string): MessageFact | undefined {
  if (Object.hasOwn(state.messages, id)) return state.messages[id];
  return Object.hasOwn(facts.messages, id) ? facts.messages[id] : undefined;
}

/** The rows from a message up to the user message that it answers; the last id may be one that nothing is known of. */
function answerChain(state: ConversationState, facts: Facts, messageId: string): string[] {
  const chain = [messageId];
  let message = findMessage(state, facts, messageId);
  while (message && message.role !== 'user' && message.parentId !== null) {
    const parent = findMessage(state, facts, message.parentId);
    chain.push(message.parentId);
    // A parent is older than its child: no circle.
    message = parent && parent.seq < message.seq ? parent : undefined;
  }
  return chain;
}

/** The user message that an answer or tool row answers, or the user message itself; null when there is none. */
export function userMessageOf(state: ConversationState, facts: Facts, messageId: string): string | null {
  const top = answerChain(state, facts, messageId).at(-1)!;
  return findMessage(state, facts, top)?.role === 'user' ? top : null;
}

function namedMessages(state: ConversationState, command: ConversationCommand, facts: Facts): string[] {
  switch (command.type) {
    case 'editMessage':
    case 'removeMessage':
    case 'appendChunk':
    case 'completeMessage':
      return [command.messageId];
    case 'regenerate':
      return answerChain(state, facts, command.messageId);
    case 'selectBranch':
      return [command.leafId];
    case 'postMessage':
    case 'requestTurn':
      return command.parentId == null ? [] : [command.parentId];
    default:
      return [];
  }
}

/**
 * Ids of messages that `decide` must know of and does not: look them up and ask again, because `regenerate` climbs from
 * an answer to its question row by row. An id that cannot be found is named again: stop there.
 */
export function missingFacts(state: ConversationState, command: ConversationCommand, facts: Facts): string[] {
  return namedMessages(state, command, facts).filter((id) => !findMessage(state, facts, id));
}

/**
 * All facts that `decide` needs. `lookup` gives those of the asked messages that exist in this conversation, and is
 * called until nothing more is missing or found.
 */
export async function collectFacts(
  state: ConversationState,
  command: ConversationCommand,
  lookup: (ids: string[]) => Promise<Record<string, MessageFact>>,
): Promise<Facts> {
  const facts: Facts = { messages: {} };
  for (;;) {
    const missing = missingFacts(state, command, facts);
    if (missing.length === 0) return facts;
    const found = await lookup(missing);
    if (Object.keys(found).length === 0) return facts;
    Object.assign(facts.messages, found);
  }
}
