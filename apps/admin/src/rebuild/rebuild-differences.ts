import { constants, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Rebuild, Rebuilds } from '#projections';
import type { Session } from '../session/session.js';

/** Where differences go that nobody named a file for: here, or among temporary files, as nothing in an image may be written. */
export async function differencesFile({ id }: Rebuild): Promise<string> {
  const name = `rebuild-${id}.ndjson`;
  return access('.', constants.W_OK).then(
    () => `./${name}`,
    () => join(tmpdir(), name),
  );
}

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
