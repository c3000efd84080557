import { inPieces, PIECE_BYTES, type Writing } from './frame-pieces.js';
import { encodeLolFrame, type LolFrame } from './lol-frame.js';

async function pieces(...frames: LolFrame[]) {
  async function* source() {
    yield* frames;
  }
  const writing: Writing = { midFrame: false };
  const seen: { bytes: Buffer; midFrame: boolean }[] = [];
  for await (const piece of inPieces(source(), writing)) {
    seen.push({ bytes: Buffer.from(piece), midFrame: writing.midFrame });
  }
  return seen;
}

const small: LolFrame = { event: 'done', data: {} };
const frameOf = (text: string): LolFrame => ({ event: 'project', data: { text } });

it('gives a small frame whole', async () => {
  const seen = await pieces(small, small);
  expect(seen.map(({ midFrame }) => midFrame)).toEqual([false, false]);
  expect(seen.map(({ bytes }) => bytes.toString())).toEqual([encodeLolFrame(small), encodeLolFrame(small)]);
});

it('cuts a large one by bytes, not characters, and says where a frame is open', async () => {
  const large = frameOf('a👋é'.repeat(150_000));
  const seen = await pieces(small, large, small);
  expect(seen.map(({ midFrame }) => midFrame)).toEqual([false, true, true, true, true, false, false]);
  expect(Buffer.concat(seen.map(({ bytes }) => bytes)).toString()).toBe(
    [small, large, small].map(encodeLolFrame).join(''),
  );
  for (const { bytes } of seen) expect(bytes.length).toBeLessThanOrEqual(PIECE_BYTES);
});
