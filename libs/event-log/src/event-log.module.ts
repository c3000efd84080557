import { Module } from '@nestjs/common';
import { BlobStore } from './blob-store.js';
import { ClearPayloadCodec } from './clear-payload-codec.js';
import { EventLog } from './event-log.js';
import { PAYLOAD_CODEC } from './payload-codec.js';

/** Provides the process's one EventLog and the contents beside it. Needs the global PlatformModule. */
@Module({
  providers: [BlobStore, EventLog, { provide: PAYLOAD_CODEC, useClass: ClearPayloadCodec }],
  exports: [BlobStore, EventLog, PAYLOAD_CODEC],
})
export class EventLogModule {}
