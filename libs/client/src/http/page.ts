/** One page of a list. `next` and `previous` are cursors for the list's own parameters; absent at the ends. */
export type Page<T> = { items: T[]; next?: string; previous?: string };

const link = /<([^>]*)>\s*;\s*rel="?(next|prev)"?/g;

/** The cursor that a neighbour's link carries: a list goes on `after` or `before` it, a search from it. */
function cursorOf(target: string): string | undefined {
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1));
  return query.get('after') ?? query.get('before') ?? query.get('cursor') ?? undefined;
}

/** The cursors in a `Link` header (RFC 8288). */
export function neighbours(header: string | null): Omit<Page<never>, 'items'> {
  const found: Omit<Page<never>, 'items'> = {};
  for (const [, target = '', rel] of (header ?? '').matchAll(link)) {
    const cursor = cursorOf(target);
    if (cursor === undefined) continue;
    if (rel === 'next') found.next = cursor;
    else found.previous = cursor;
  }
  return found;
}
