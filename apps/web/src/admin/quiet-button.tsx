import type { ComponentProps } from 'react';

/** A button of which there may be many on a page. */
export function QuietButton({ className = '', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className={`shrink-0 rounded-lg border border-line bg-raised px-2.5 py-1 text-sm transition-colors hover:border-line-strong disabled:opacity-50 disabled:hover:border-line ${className}`}
      {...rest}
    />
  );
}
