import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { ClearPayloadCodec } from './clear-payload-codec.js';
import { flushStatement } from './flush-statement.js';
import { holdUnit } from './held-unit.js';
import type { AppendUnit } from './types.js';

/** Ends the probe's transaction, so that nothing of it stays. */
class ProbeDone extends Error {}

/**
 * Appends a unit to a stream of its own by the statement that every append takes, and rolls it back. Gives the milliseconds that it
 * took, without the commit. @throws the database's error, where nobody could append
 */
export async function probeAppend(database: Database): Promise<number> {
  const begun = performance.now();
  let took = 0;
  const { query } = flushStatement([holdUnit(probeUnit(), new ClearPayloadCodec())]);
  try {
    await database.transaction('READ COMMITTED', async (q) => {
      await q.query(query.text, query.values);
      took = performance.now() - begun;
      throw new ProbeDone();
    });
  } catch (error) {
    if (!(error instanceof ProbeDone)) throw error;
  }
  return took;
}

function probeUnit(): AppendUnit {
  const event = { type: 'ConversationStarted', schemaVersion: 1, data: {}, metadata: {} };
  return {
    appends: [
      {
        streamId: randomUUID(),
        expectedSeq: 0,
        tenantId: 'probe',
        create: { tenantId: 'probe', ownerId: 'probe', kind: 'conversation' },
        events: [{ eventId: randomUUID(), ...event }],
      },
    ],
  };
}
