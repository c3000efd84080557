import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { words } from '../words/words.js';
import { IconButton } from './icon-button.js';

type Props = { title: string; open: boolean; onClose: () => void; children: ReactNode; bare?: boolean };

/** The browser's own modal dialog: it keeps the focus, gives it back, and closes by Escape or a click beside it. */
export function Dialog({ title, open, onClose, children, bare = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (!open) return dialog.current?.close();
    dialog.current?.showModal();
    // where there is a field, it is what the dialog is for
    dialog.current?.querySelector('input')?.focus();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="m-auto mt-[12vh] w-[min(38rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-0 text-ink shadow-float backdrop:bg-black/40"
    >
      {open && (
        <>
          <header className={bare ? 'sr-only' : 'flex items-center justify-between px-5 pt-4 pb-1'}>
            <h2 id={titleId} className="font-semibold">
              {title}
            </h2>
            {!bare && <IconButton icon={X} label={words.app.close} onClick={onClose} />}
          </header>
          {children}
        </>
      )}
    </dialog>
  );
}
