import type { LucideIcon } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';

/** One thing that a menu offers. */
export type MenuItem = { label: string; icon: LucideIcon; run: () => void; danger?: boolean };

type Props = { label: string; trigger: ReactNode; items: readonly MenuItem[]; className?: string };

const GAP = 4;

/** A button that opens a short list of actions over the page: the browser's own popover, so Escape and a click elsewhere close it. */
export function Menu({ label, trigger, items, className = '' }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  function place(): void {
    if (!button.current || !list.current) return;
    const from = button.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = list.current;
    const below = from.bottom + GAP + height <= innerHeight;
    list.current.style.left = `${Math.max(8, Math.min(from.right - width, innerWidth - width - 8))}px`;
    list.current.style.top = `${below ? from.bottom + GAP : Math.max(8, from.top - GAP - height)}px`;
  }

  function choose(item: MenuItem): void {
    list.current?.hidePopover();
    item.run();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        title={label}
        aria-haspopup="true"
        className={className}
      >
        {trigger}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          place();
          list.current?.querySelector('button')?.focus();
        }}
        className="fixed inset-auto m-0 min-w-48 rounded-xl border border-line bg-raised p-1 text-ink shadow-float"
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            onClick={() => choose(item)}
            className={`flex w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-sunken ${item.danger ? 'text-danger' : ''}`}
          >
            <item.icon size={15} strokeWidth={1.75} aria-hidden />
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
