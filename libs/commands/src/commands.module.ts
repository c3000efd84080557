import { Module } from '@nestjs/common';
import { EventLogModule } from '#event-log';
import { AnswerOnce } from './answer-once.js';
import { StreamGate } from './stream-gate.js';

/** What every write side of the process shares: one gate a stream, one answer a key. Needs the global PlatformModule. */
@Module({
  imports: [EventLogModule],
  providers: [AnswerOnce, StreamGate],
  exports: [AnswerOnce, StreamGate],
})
export class CommandsModule {}
