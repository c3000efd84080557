import { randomUUID } from 'node:crypto';
import { decodeSignals, encodeSignals } from './signal-payload.js';

test('any number of signals survives, in payloads that NOTIFY takes', () => {
  const signals = new Map(
    Array.from({ length: 1000 }, () => [randomUUID() as string, Number.MAX_SAFE_INTEGER]),
  );
  const payloads = encodeSignals(signals);
  for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8000);
  const back = payloads.flatMap((payload) => decodeSignals(payload)!);
  expect(new Map(back.map(({ streamId, seq }) => [streamId, seq]))).toEqual(signals);
});

test.each(['', '{}', '[1]', '[["a"]]', '[["a",0.5]]', '[[1,1]]', 'null'])('%j is none of ours', (payload) => {
  expect(decodeSignals(payload)).toBeNull();
});
