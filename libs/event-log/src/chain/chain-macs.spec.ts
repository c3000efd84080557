import { createHmac } from 'node:crypto';
import { ChainMacs } from './chain-macs.js';

const macs = new ChainMacs('a key');
const [before, stream, digest] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2), Buffer.alloc(32, 3)];

describe('the HMACs of the chain', () => {
  it('are HMAC-SHA-256 of all parts, cut to 16 bytes for a link', () => {
    const seq = Buffer.from('0000000000000005', 'hex');
    const whole = createHmac('sha256', 'a key')
      .update(Buffer.concat([Buffer.from('event.'), before, stream, seq, digest]))
      .digest();
    expect(macs.link(before, stream, 5, digest)).toEqual(whole.subarray(0, 16));
    expect(macs.seal(1, null, Buffer.alloc(0))).toHaveLength(32);
  });

  it('differ with each part, and with the key', () => {
    const other = Buffer.alloc(16, 9);
    const found = [
      macs.link(before, stream, 5, digest),
      macs.link(other, stream, 5, digest),
      macs.link(before, other, 5, digest),
      macs.link(before, stream, 6, digest),
      macs.link(before, stream, 5, Buffer.alloc(32, 9)),
      macs.genesis(stream, digest),
      new ChainMacs('another').link(before, stream, 5, digest),
      macs.seal(1, null, digest),
      macs.seal(2, null, digest),
      macs.seal(1, Buffer.alloc(32, 1), digest),
      macs.seal(1, null, Buffer.alloc(48)),
    ].map((mac) => mac.toString('hex'));
    expect(new Set(found).size).toBe(found.length);
  });
});
