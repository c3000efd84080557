/**
 * What all of them give, once all have settled. Statements on one pipelined connection are carried out in the order in which they were
 * begun, and none may still be on its way when its caller goes on: it would run behind what comes next, a rollback for one.
 * @throws what the first of them failed with that was not just in a transaction that had failed before
 */
export async function together<T extends readonly unknown[]>(works: {
  [N in keyof T]: Promise<T[N]>;
}): Promise<T>;
export async function together<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const endings = await Promise.allSettled(works);
  const reasons = endings.flatMap((ending) => (ending.status === 'rejected' ? [ending.reason as Error] : []));
  if (reasons.length > 0) throw reasons.find((reason) => !isAftermath(reason)) ?? reasons[0]!;
  return endings.map((ending) => (ending as PromiseFulfilledResult<T>).value);
}

/** in_failed_sql_transaction */
const isAftermath = (reason: Error) => (reason as { code?: unknown }).code === '25P02';
