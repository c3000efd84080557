/** What is known of a payload when it is written. */
export type PayloadContext = { tenantId: string; streamId: string };

/**
 * Every event's `data` passes through here on its way to the log and back: `decode(encode(x))` is x, exactly as
 * `JSON.parse(JSON.stringify(x))`. `keyId` null means clear text. A codec that encrypts per subject writes the id of the
 * subject's key, and its ciphertext as a JSON string, so that erasing a key erases the person and no format changes.
 */
export interface PayloadCodec {
  encode(data: unknown, context: PayloadContext): { keyId: string | null; json: string };
  /** @throws when it does not hold the key: what cannot be read is never shown as something else. */
  decode(stored: unknown, keyId: string | null): unknown;
}

/** Injection token of the codec that the event log uses. */
export const PAYLOAD_CODEC = Symbol('PAYLOAD_CODEC');
