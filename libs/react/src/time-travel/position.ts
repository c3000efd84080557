/** A place of the slider as an address holds it. `at` null: now. `diff`: what it is compared with. */
export type TimePosition = { at: number | null; diff: number | 'now' | null };

/** Reads `?at=312&diff=now`. What is no seq counts as absent: an old or broken link still opens the conversation. */
export function parsePosition(search: string | URLSearchParams): TimePosition {
  const query = typeof search === 'string' ? new URLSearchParams(search) : search;
  const at = seqIn(query.get('at'));
  const diff = query.get('diff') === 'now' ? 'now' : seqIn(query.get('diff'));
  return { at, diff: diff === 'now' && at === null ? null : diff };
}

/** The query with that position, whatever else it holds left as it is. */
export function withPosition(search: string | URLSearchParams, { at, diff }: TimePosition): URLSearchParams {
  const query = new URLSearchParams(search);
  set(query, 'at', at);
  set(query, 'diff', diff);
  return query;
}

function set(query: URLSearchParams, name: string, value: number | string | null): void {
  if (value === null) query.delete(name);
  else query.set(name, String(value));
}

function seqIn(text: string | null): number | null {
  const seq = text !== null && /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return seq >= 1 && seq <= Number.MAX_SAFE_INTEGER ? seq : null;
}
