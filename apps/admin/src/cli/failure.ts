import { ArchiveRefused } from '#archive';
import { ChainKeyMissing, ChainKeyWrong, LogUnavailable } from '#event-log';
import { DomainRefusal } from '#model';
import { ConfigInvalid, DatabaseUnreachable, FolderInUse, SchemaNewer, UnsafeDatabase } from '#platform';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/** What a failed command tells: a stable code for programs, a message that a person can act on. */
export type Failure = { exitCode: ExitCode; code: string; message: string };

/** Class 08, and 57P0x: the server stops, or does not take connections yet. */
const CONNECTION_STATES = /^(08...|57P0.|28...|3D000)$/;
const CONNECTION_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE'];

/** What an error means to the person at the terminal. A stack is shown only where the reason is not known. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return failure('problem', 'failed', String(error));
  const { message } = error;
  if (error instanceof UsageError) return failure('usage', 'usage', message);
  if (error instanceof ConfigInvalid) return failure('usage', 'config_invalid', message);
  if (error instanceof DatabaseUnreachable || error instanceof FolderInUse)
    return failure('cannotConnect', 'database_unreachable', message);
  if (error instanceof SchemaNewer) return failure('cannotConnect', 'schema_newer', message);
  if (error instanceof UnsafeDatabase) return failure('problem', 'unsafe_database', message);
  if (error instanceof LogUnavailable) return failure('cannotConnect', error.code, message);
  if (error instanceof DomainRefusal)
    return failure(error.status === 409 ? 'conflict' : 'problem', error.code, message);
  if (error instanceof ArchiveRefused) return failure('problem', error.code, message);
  if (error instanceof ChainKeyMissing) return failure('usage', 'chain_key_missing', message);
  if (error instanceof ChainKeyWrong) return failure('usage', 'chain_key_wrong', message);
  if (error.name === 'AbortError') return failure('interrupted', 'interrupted', 'stopped');
  const { code = '' } = error as { code?: string };
  if (CONNECTION_CODES.includes(code) || CONNECTION_STATES.test(code))
    return failure('cannotConnect', 'database_unreachable', `the database cannot be reached: ${told(error)}`);
  return failure('problem', 'failed', error.stack ?? message);
}

function failure(exit: keyof typeof exitCodes, code: string, message: string): Failure {
  return { exitCode: exitCodes[exit], code, message };
}

/** A connection that is tried at several addresses fails with an empty message and one error an address. */
function told(error: Error): string {
  if (error.message !== '') return error.message;
  const { errors = [], code } = error as { errors?: Error[]; code?: string };
  return errors.map(({ message }) => message).join('; ') || String(code);
}
