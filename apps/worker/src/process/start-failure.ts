import { ConfigInvalid, FolderInUse, SchemaNewer, UnsafeDatabase } from '#platform';

const told = [ConfigInvalid, FolderInUse, SchemaNewer, UnsafeDatabase];

/** Ends the process with a message that a person can act on; a stack only where the reason is not known. */
export function failStart(error: unknown): never {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

/** What to tell about a start that did not work. */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (told.some((Known) => error instanceof Known)) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another: PORT=${(port ?? 3001) + 1} npm start`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used by this user. Choose another with PORT.`;
  return error.stack ?? error.message;
}
