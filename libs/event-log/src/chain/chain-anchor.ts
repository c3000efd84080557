import type { ChainAnchor } from './chain-types.js';

/**
 * Reads an anchor as it was written with `JSON.stringify`.
 * @throws Error saying what is wrong with the text.
 */
export function parseChainAnchor(text: string): ChainAnchor {
  const { seal, mac } = (objectOf(text) ?? {}) as Partial<ChainAnchor>;
  if (typeof seal !== 'number' || !Number.isSafeInteger(seal) || seal < 1)
    throw new Error('the anchor has no seal: expected {"seal": a whole number from 1, "mac": 64 hex digits}');
  if (typeof mac !== 'string' || !/^[0-9a-f]{64}$/.test(mac))
    throw new Error('the anchor has no mac: expected 64 hex digits');
  return { seal, mac };
}

function objectOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('the anchor is no JSON: expected {"seal": …, "mac": …}', { cause });
  }
}
