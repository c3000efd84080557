import { Transform, type TransformCallback } from 'node:stream';
import { copyLine, type CopyValue } from '#platform';

/** Turns lines of JSON objects into lines of COPY's text format, the given columns of each. */
export class RowLines extends Transform {
  count = 0;

  constructor(
    private readonly columns: readonly string[],
    private readonly onRows: (rows: number) => void = () => undefined,
  ) {
    super({ writableObjectMode: true, writableHighWaterMark: 16 });
  }

  override _transform({ text }: { text: string }, _: BufferEncoding, done: TransformCallback): void {
    const row = JSON.parse(text) as Record<string, CopyValue>;
    this.count += 1;
    if (this.count % 1_000 === 0) this.onRows(this.count);
    done(null, copyLine(this.columns.map((column) => row[column])));
  }

  override _flush(done: TransformCallback): void {
    this.onRows(this.count);
    done();
  }
}
