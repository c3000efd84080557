import type { ReactNode } from 'react';
import { words } from '../words/words.js';

/** A table that scrolls sideways by itself where it is wider than the page. */
export function ScrollingTable({ children }: { children?: ReactNode }) {
  return (
    <div className="table-frame" role="region" aria-label={words.chat.table} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}
