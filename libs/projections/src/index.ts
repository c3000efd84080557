export {
  ConversationAbsent,
  CursorInvalid,
  GenerationUnknown,
  PositionBeyondHead,
  ReadUnavailable,
} from './errors.js';
export { ParkedQueries, type ParkedKey, type ParkedStream } from './checkpoints/parked.queries.js';
export { projectionNames, type ProjectionName } from './projection.js';
export { ProjectionsModule } from './projections.module.js';
export type { Reader } from './reading/reader.js';
export { ProjectionRunner, type ProjectOptions, type ProjectOutcome } from './running/projection-runner.js';
export { Sweeper } from './running/sweeper.js';
export {
  ConversationQueries,
  type ConversationAnswer,
} from './read-models/conversations/conversation.queries.js';
export type {
  ConversationListPage,
  ConversationListRequest,
} from './read-models/conversations/conversation-list.js';
export type { ConversationStateAt } from './read-models/conversations/conversation-state.js';
export {
  MessageQueries,
  type MessagePage,
  type MessagePageRequest,
} from './read-models/messages/message.queries.js';
