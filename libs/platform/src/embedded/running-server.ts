import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPostmaster, serves } from './postmaster.js';
import { embeddedUrl } from './server-url.js';

/**
 * The URL of the embedded server that another process runs on the data folder; null while none answers there. Looks and
 * changes nothing.
 */
export async function runningServerUrl(dataDir: string): Promise<string | null> {
  const [folder, passwordFile] = [join(dataDir, 'postgres'), join(dataDir, 'postgres-password')];
  const found = readPostmaster(folder);
  if (!found || !existsSync(passwordFile)) return null;
  const server = { port: found.port, password: readFileSync(passwordFile, 'utf8').trim() };
  try {
    return (await serves(embeddedUrl(server, 'postgres'), folder)) ? embeddedUrl(server) : null;
  } catch {
    // it is starting or stopping, or the file is a dead server's: whoever asks decides how long to go on asking
    return null;
  }
}
