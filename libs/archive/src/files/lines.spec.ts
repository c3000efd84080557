import { Readable, type Transform } from 'node:stream';
import { LineSplitter } from './line-splitter.js';
import { LineTap } from './line-tap.js';
import { RowLines } from './row-lines.js';

const texts = ['', 'a', '{"é":"漢\\u0000"}', 'x'.repeat(300), ''];
const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));

/** Cut into pieces of a size, so that an end falls on every place of a piece. */
function inPieces(size: number, through: Transform): Transform {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  return Readable.from(pieces, { objectMode: false }).pipe(through);
}

describe.each([1, 2, 3, 7, 64, 1_000])('lines in pieces of %i bytes', (size) => {
  it('are cut where they end', async () => {
    const found = await inPieces(size, new LineSplitter()).toArray();
    expect(found.map(({ text }) => text)).toEqual(texts);
  });

  it('are counted, and the last is kept', async () => {
    const tap = new LineTap();
    expect(Buffer.concat(await inPieces(size, tap).toArray())).toEqual(bytes);
    expect([tap.lines, tap.last]).toEqual([texts.length, '']);
  });
});

describe('LineTap', () => {
  it.each([1, 5, 100])('keeps the whole last line, whatever pieces of %i bytes it came in', async (size) => {
    const tap = new LineTap();
    const text = Buffer.from(`first\n${'last'.repeat(20)}\n`);
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
      text.subarray(n * size, (n + 1) * size),
    );
    await Readable.from(pieces, { objectMode: false }).pipe(tap).toArray();
    expect([tap.lines, tap.last]).toEqual([2, 'last'.repeat(20)]);
    expect(new LineTap().last).toBeUndefined();
  });
});

describe('RowLines', () => {
  it("gives the columns of each row in their order, as COPY's text format wants them", async () => {
    const rows = new RowLines(['b', 'a', 'none']);
    const lines = [{ text: '{"a":"t\\tn\\nb\\\\","b":1}' }, { text: '{"b":null,"a":"\\\\N"}' }];
    const found = await Readable.from(lines).pipe(rows).toArray();
    expect(found.map(String).join('')).toBe('1\tt\\tn\\nb\\\\\t\\N\n\\N\t\\\\N\t\\N\n');
    expect(rows.count).toBe(2);
  });
});
