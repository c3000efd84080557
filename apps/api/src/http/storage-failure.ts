/** PostgreSQL classes and codes that say "not now": connection, resources, shutdown, deadlock, lock and statement time-outs. */
const PASSING_SQL_STATE = /^(08...|53...|57P0[1-5]|57014|40001|40P01|55P03|25006)$/;
const DISK_FULL = '53100';
const PASSING_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);
/** node-postgres tells these by text alone. */
const PASSING_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error|Query read timeout|the database system is)/i;

export type StorageFailure = 'log_unavailable' | 'storage_full';

/** Whether an error says that the database is away or full for now; null for every other error. */
export function storageFailure(error: unknown): StorageFailure | null {
  if (!(error instanceof Error)) return null;
  const { code, driverError, errors } = error as { code?: unknown; driverError?: unknown; errors?: unknown };
  if (driverError instanceof Error && driverError !== error) return storageFailure(driverError);
  // Node joins the failures of all addresses of a host name.
  if (Array.isArray(errors) && errors.length > 0) return storageFailure(errors[0]);
  if (typeof code === 'string') {
    if (code === DISK_FULL) return 'storage_full';
    if (PASSING_SQL_STATE.test(code) || ('syscall' in error && PASSING_SYSTEM_CODES.has(code)))
      return 'log_unavailable';
  }
  return PASSING_MESSAGES.test(error.message) ? 'log_unavailable' : null;
}
