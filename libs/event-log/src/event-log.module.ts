import { Module } from '@nestjs/common';
import { ClearPayloadCodec } from './clear-payload-codec.js';
import { EventLog } from './event-log.js';
import { PAYLOAD_CODEC } from './payload-codec.js';

/** Provides the process's one EventLog. Needs the global PlatformModule. */
@Module({
  providers: [EventLog, { provide: PAYLOAD_CODEC, useClass: ClearPayloadCodec }],
  exports: [EventLog, PAYLOAD_CODEC],
})
export class EventLogModule {}
