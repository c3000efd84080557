import { Module } from '@nestjs/common';
import { BlobStore } from './blob-store.js';
import { ChainSealer } from './chain/chain-sealer.js';
import { ChainVerifier } from './chain/chain-verifier.js';
import { ClearPayloadCodec } from './clear-payload-codec.js';
import { EventLog } from './event-log.js';
import { FlushReports } from './flush-reports.js';
import { PAYLOAD_CODEC } from './payload-codec.js';

/** Provides the process's one EventLog and the contents beside it. Needs the global PlatformModule. */
@Module({
  providers: [
    BlobStore,
    ChainSealer,
    ChainVerifier,
    EventLog,
    FlushReports,
    { provide: PAYLOAD_CODEC, useClass: ClearPayloadCodec },
  ],
  exports: [BlobStore, ChainSealer, ChainVerifier, EventLog, PAYLOAD_CODEC],
})
export class EventLogModule {}
