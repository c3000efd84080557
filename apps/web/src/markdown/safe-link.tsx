import type { ReactNode } from 'react';
import { words } from '../words/words.js';
import { safeUrl } from './safe-url.js';

/** A link of a model: it opens elsewhere, tells that place nothing of this one, and leads nowhere but to the web. */
export function SafeLink({ href, children }: { href?: string; children?: ReactNode }) {
  const url = safeUrl(href ?? '');
  if (url === null) return <span title={words.chat.unsafeLink}>{children}</span>;
  if (url.startsWith('#')) return <span>{children}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
