/** Time limits of a session, in milliseconds; 0 switches one off. */
export type SessionLimits = { statementMs?: number; lockMs?: number; idleInTransactionMs?: number };

/** The `options` start-up parameter that gives every session of a pool the same limits, time zone and date style. */
export function sessionOptions({
  statementMs = 5_000,
  lockMs = 2_000,
  idleInTransactionMs = 10_000,
}: SessionLimits): string {
  const settings = {
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    TimeZone: 'UTC',
    DateStyle: 'ISO',
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}
