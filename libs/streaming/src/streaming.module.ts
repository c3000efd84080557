import { Module } from '@nestjs/common';
import { EventLogModule } from '#event-log';
import { Signals } from './signals.js';
import { StreamReader } from './stream-reader.js';

/** Live delivery. Needs the global PlatformModule. */
@Module({ imports: [EventLogModule], providers: [Signals, StreamReader], exports: [Signals, StreamReader] })
export class StreamingModule {}
