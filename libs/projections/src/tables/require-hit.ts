/** Rows that the fold was told of and that are not there mean that something else writes them: nothing may be written then. */
export function requireHit(table: string, wanted: number, found: number): void {
  if (found !== wanted) throw new Error(`${table}: ${wanted} rows to change, ${found} found`);
}
