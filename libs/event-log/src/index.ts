export { BlobStore, type StoredBlob } from './blob-store.js';
export { ClearPayloadCodec } from './clear-payload-codec.js';
export { AppendRefused, IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from './errors.js';
export { EventLog, type CommittedListener } from './event-log.js';
export { EventLogModule } from './event-log.module.js';
export { holds, lineageAt, MAX_LINEAGE, seamOf } from './lineage.js';
export { PAYLOAD_CODEC, type PayloadCodec, type PayloadContext } from './payload-codec.js';
export type { PendingStream } from './pending-streams.js';
export type { Snapshot } from './snapshot-store.js';
export type { OpenTurn, TurnLease } from './turn-types.js';
export type {
  AppendOutcome,
  AppendUnit,
  CommandKey,
  CommandRecord,
  Fork,
  ForkRange,
  LineageEntry,
  NewEvent,
  Queryable,
  ReadOptions,
  RecordedEvent,
  StoredCommand,
  StreamAppend,
  StreamInfo,
  StreamKind,
} from './types.js';
