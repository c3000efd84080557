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
export { StreamTimes } from './reading/stream-times.js';
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
export type {
  ConversationStateAt,
  ConversationStateRequest,
} from './read-models/conversations/conversation-state.js';
export type { ConversationTimeline, TimelineMark } from './read-models/moments/timeline.js';
export type { MarkKind, MarkCounts, OpenToolCall, TokenUsage } from './read-models/moments/moment.js';
export { ExportReads, type BranchPart } from './read-models/messages/export-reads.js';
export {
  MessageQueries,
  type MessagePage,
  type MessagePageRequest,
} from './read-models/messages/message.queries.js';
export { ProjectTrees, type ProjectTree } from './read-models/projects/project-trees.js';
export type { TreeFile, TreeFiles } from './read-models/projects/project-at.js';
export type { ProjectListPage, ProjectListRequest } from './read-models/projects/project-list.js';
export {
  ProjectReads,
  type ProjectArchive,
  type VersionsPage,
} from './read-models/projects/project-reads.js';
