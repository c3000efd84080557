/**
 * Whether a failed write may succeed when it is tried again: the server was away, full, busy or in the way. Everything
 * else will fail again with the same events, so it counts against them.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  // 08 connection, 25 idle transaction ended, 40 rolled back, 53 out of resources, 55 lock, 57 cancelled or shutting down, 58 system
  if (typeof code === 'string' && /^(08|25|40|53|55|57|58)...$/.test(code)) return true;
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true;
  return /connection terminated|timeout exceeded|client has encountered a connection error|not queryable/i.test(
    error.message,
  );
}
