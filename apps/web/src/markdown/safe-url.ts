const harmless = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/**
 * The address of a link that may be followed, else null. Decided by how a browser would read it, not by how it is written:
 * control characters, blanks and case do not hide a `javascript:`.
 */
export function safeUrl(url: string): string | null {
  if (url.startsWith('#')) return url;
  try {
    // a relative address would lead to pages of ours, which no model can know
    const { protocol, href } = new URL(url);
    return harmless.has(protocol) ? href : null;
  } catch {
    // no absolute address
    return null;
  }
}
