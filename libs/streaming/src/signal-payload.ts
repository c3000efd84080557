/** "Stream `streamId` has reached at least `seq`." A hint: it may be lost, doubled or late. */
export type Signal = { streamId: string; seq: number };

/** PostgreSQL refuses a NOTIFY payload of 8,000 bytes; an entry is at most 60. */
const entriesPerPayload = 120;

/** The signals as texts of at most 8,000 bytes each. */
export function encodeSignals(signals: ReadonlyMap<string, number>): string[] {
  const entries = [...signals];
  const payloads: string[] = [];
  for (let at = 0; at < entries.length; at += entriesPerPayload) {
    payloads.push(JSON.stringify(entries.slice(at, at + entriesPerPayload)));
  }
  return payloads;
}

/** The signals in a payload, or null if it is none of ours. */
export function decodeSignals(payload: string): Signal[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return null;
  const signals: Signal[] = [];
  for (const entry of parsed as unknown[]) {
    if (!Array.isArray(entry)) return null;
    const [streamId, seq] = entry as unknown[];
    if (typeof streamId !== 'string' || !Number.isSafeInteger(seq)) return null;
    signals.push({ streamId, seq: seq as number });
  }
  return signals;
}
