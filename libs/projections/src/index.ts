export {
  ConversationAbsent,
  CursorInvalid,
  GenerationUnknown,
  PositionBeyondHead,
  ReadUnavailable,
} from './errors.js';
export {
  ParkedQueries,
  type ParkedFilter,
  type ParkedGroup,
  type ParkedKey,
  type ParkedPage,
  type ParkedPageRequest,
  type ParkedStream,
} from './checkpoints/parked.queries.js';
export {
  ProjectionOverview,
  type GenerationReport,
  type ProjectionReport,
} from './checkpoints/projection-overview.js';
export type { ProjectionName } from './projection.js';
export { ProjectionsModule } from './projections.module.js';
export type { Reader } from './reading/reader.js';
export { StreamTimes } from './reading/stream-times.js';
export { OldestUnprojected } from './checkpoints/oldest-unprojected.js';
export { ProjectionRunner, type ProjectOptions, type ProjectOutcome } from './running/projection-runner.js';
export { PendingRepair, type RepairRequest } from './running/pending-repair.js';
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
export type { MarkKind, MarkCounts } from './read-models/moments/moment.js';
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
export { SearchRefused } from './read-models/search/search-query.js';
export {
  Searches,
  type SearchHit,
  type SearchPage,
  type SearchRequest,
} from './read-models/search/searches.js';
export type { SearchLag } from './read-models/search/search-lag.js';
export { DocumentReads } from './documents/document-reads.js';
export type { DocumentDefinition } from './documents/document-projection.js';
export type {
  Rebuild,
  RebuildDifference,
  RebuildPhase,
  RebuildRequest,
  RebuildStatus,
} from './rebuild/rebuild.js';
export { rebuildPhases, rebuildStatuses } from './rebuild/rebuild.js';
export {
  ProjectionUnknown,
  RebuildAbsent,
  RebuildNotPossible,
  RebuildRunning,
  StreamAbsent,
} from './rebuild/rebuild-errors.js';
export { Rebuilds, type RolledBack } from './rebuild/rebuilds.service.js';
export { RebuildWorker } from './rebuild/rebuild-worker.js';
export type { RebuiltStream } from './rebuild/stream-rebuild.js';
export { Auditor, type AuditCounts } from './verify/auditor.js';
export { findingKinds, isFault, type Finding, type FindingKind } from './verify/finding.js';
export type { RowDifference } from './verify/row-differences.js';
export { Verifier, type VerifyReport, type VerifyRequest } from './verify/verifier.js';
