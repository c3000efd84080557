import { Transform, type TransformCallback } from 'node:stream';

const NEWLINE = 10;

/** Lets lines pass, counts them and keeps the last one. */
export class LineTap extends Transform {
  lines = 0;
  /** From the beginning of the last line on. */
  private tail = Buffer.alloc(0);

  constructor(private readonly onLines: (lines: number) => void = () => undefined) {
    super();
  }

  /** Without its end; undefined: there was none. */
  get last(): string | undefined {
    return this.lines === 0 ? undefined : this.tail.toString('utf8').replace(/\n$/, '');
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const before = this.lines;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) this.lines += 1;
    // the last line begins after the last end that something follows
    const from = chunk.subarray(0, -1).lastIndexOf(NEWLINE);
    const goesOn = from === -1 && this.tail.at(-1) !== NEWLINE;
    this.tail = goesOn ? Buffer.concat([this.tail, chunk]) : Buffer.from(chunk.subarray(from + 1));
    if (this.lines > before) this.onLines(this.lines);
    done(null, chunk);
  }
}
