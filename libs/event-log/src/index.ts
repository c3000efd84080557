export { probeAppend } from './append-probe.js';
export { BlobStore, type StoredBlob } from './blob-store.js';
export { parseChainAnchor } from './chain/chain-anchor.js';
export { ChainKeyMissing } from './chain/chain-key-missing.js';
export { ChainKeyWrong } from './chain/chain-key-wrong.js';
export { ChainSealer } from './chain/chain-sealer.js';
export type {
  ChainAnchor,
  ChainFinding,
  ChainFindingKind,
  ChainProgress,
  ChainReport,
} from './chain/chain-types.js';
export { ChainVerifier, type ChainVerification } from './chain/chain-verifier.js';
export { ClearPayloadCodec } from './clear-payload-codec.js';
export { AppendRefused, IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from './errors.js';
export type { CommittedFacts, CommittedListener, FlushedListener } from './committed-listener.js';
export { EventLog } from './event-log.js';
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
  StreamBeginning,
  StreamInfo,
  StreamKind,
} from './types.js';
