import { createHmac } from 'node:crypto';

/** Half of SHA-256: RFC 2104 lets an HMAC be cut so far, and there is one an event. */
export const MAC_BYTES = 16;

/**
 * The three kinds of HMAC-SHA-256 in the chain. Each begins with its kind and has parts of fixed length, so that none can be
 * passed off as another.
 */
export class ChainMacs {
  constructor(private readonly key: string) {}

  /** What a stream's first link goes on from: vouches for its row in `streams`. */
  genesis(stream: Buffer, digest: Buffer): Buffer {
    return this.mac('stream', stream, digest).subarray(0, MAC_BYTES);
  }

  /** Vouches for one event, where it stands, and for all before it in its stream. */
  link(before: Buffer, stream: Buffer, seq: number, digest: Buffer): Buffer {
    return this.mac('event.', before, stream, numberBytes(seq), digest).subarray(0, MAC_BYTES);
  }

  /** Vouches for a list of runs and for all seals before it; 32 bytes. `before` of the first: none. */
  seal(number: number, before: Buffer | null, list: Buffer): Buffer {
    return this.mac('seal..', numberBytes(number), before ?? Buffer.alloc(32), list);
  }

  private mac(kind: string, ...parts: Buffer[]): Buffer {
    const hmac = createHmac('sha256', this.key).update(kind);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  }
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
