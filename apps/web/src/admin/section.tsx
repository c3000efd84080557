import type { ReactNode } from 'react';

type Props = { title: string; actions?: ReactNode; children: ReactNode };

/** A part of the page with its name, and what can be done with all of it. */
export function Section({ title, actions, children }: Props) {
  return (
    <section aria-label={title} className="grid min-w-0 gap-3">
      <header className="flex min-h-8 flex-wrap items-center gap-2">
        <h2 className="grow font-semibold">{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
