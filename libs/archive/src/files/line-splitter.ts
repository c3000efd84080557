import { Transform, type TransformCallback } from 'node:stream';

const NEWLINE = 10;

/** Cuts bytes into lines, each without its end. A last line without an end is one too. */
export class LineSplitter extends Transform {
  private rest: Buffer[] = [];

  constructor() {
    // few at a time: a line may be large
    super({ readableObjectMode: true, readableHighWaterMark: 16 });
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.rest.push(chunk.subarray(from, at));
      this.pushLine();
      from = at + 1;
    }
    if (from < chunk.length) this.rest.push(chunk.subarray(from));
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.rest.length > 0) this.pushLine();
    done();
  }

  private pushLine(): void {
    // an empty string would be taken for no chunk by some readers of streams: as an object it is one
    this.push({ text: Buffer.concat(this.rest).toString('utf8') });
    this.rest = [];
  }
}
