export {
  ChatLogProvider,
  useChatLog,
  type ChatLogContext,
  type ChatLogProviderProps,
} from './chat-log-provider.js';
export { actionInWords } from './claude-action.js';
export { useClaudeStream } from './use-claude-stream.js';
export type {
  ClaudeAction,
  ClaudeStreamMessage,
  UseClaudeStreamOptions,
  UseClaudeStreamResult,
} from './use-claude-stream.types.js';
export { useConnection } from './use-connection.js';
export type { UseConnectionResult } from './use-connection.types.js';
export { useConversation } from './use-conversation.js';
export type { SendOptions, UseConversationOptions, UseConversationResult } from './use-conversation.types.js';
export { useConversationList } from './use-conversation-list.js';
export type { UseConversationListOptions, UseConversationListResult } from './use-conversation-list.types.js';
export { useDraft } from './use-draft.js';
export type { UseDraftResult } from './use-draft.types.js';
export { useMessage } from './use-message.js';
export { useMessages } from './use-messages.js';
export type { UseMessagesOptions, UseMessagesResult } from './use-messages.types.js';
export { useOutbox } from './use-outbox.js';
export type { UseOutboxResult } from './use-outbox.types.js';
export * from './time-travel/index.js';
