import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Rebuild, Rebuilds } from '#projections';
import type { Session } from '../session/session.js';

/** Writes what the comparison found, a line of JSON a stream; gives how many. @throws what the file system says */
export async function writeDifferences(session: Session, { id }: Rebuild, file: string): Promise<number> {
  const differences = await session.get(Rebuilds).differences(id);
  const out = createWriteStream(file);
  const ended = finished(out);
  for (const difference of differences) {
    if (!out.write(`${JSON.stringify(difference)}\n`)) await Promise.race([once(out, 'drain'), ended]);
  }
  out.end();
  await ended;
  return differences.length;
}
