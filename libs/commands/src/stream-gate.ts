import { Injectable } from '@nestjs/common';
import { SerialByKey } from './serial-by-key.js';

/**
 * Lets the writers of one stream in this process take turns, first come first served. The log alone keeps them correct;
 * this keeps them fair: a command that reads, decides and appends would lose for ever against a runner that appends
 * without pause, as every one of its appends would come from an outdated head (measured: a cancel lost for 10 s).
 * Never enter it inside itself for the same stream.
 */
@Injectable()
export class StreamGate {
  private readonly writers = new SerialByKey();

  /** Runs the work when all earlier writers of the stream are done. */
  run<T>(streamId: string, work: () => Promise<T>): Promise<T> {
    return this.writers.run(streamId, work);
  }
}
