import { toJson } from './to-json.js';
import type { PayloadCodec } from './payload-codec.js';

/** Writes payloads as they are. It holds no key, so it reads clear text only. */
export class ClearPayloadCodec implements PayloadCodec {
  encode(data: unknown): { keyId: null; json: string } {
    return { keyId: null, json: toJson(data) };
  }

  decode(stored: unknown, keyId: string | null): unknown {
    if (keyId !== null)
      throw new Error(`the payload is encrypted with key ${keyId}, which this process does not hold`);
    return stored;
  }
}
