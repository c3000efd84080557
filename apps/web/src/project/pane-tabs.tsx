import { Code, Eye } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { words } from '../words/words.js';

export type PaneTab = 'preview' | 'files';

const tabs = [
  { tab: 'preview', label: words.project.preview, icon: Eye },
  { tab: 'files', label: words.project.files, icon: Code },
] as const;

/** Preview or files. One stop for the tab key; the arrows choose. */
export function PaneTabs({ tab, onChoose }: { tab: PaneTab; onChoose: (tab: PaneTab) => void }) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = tab === 'preview' ? 'files' : 'preview';
    onChoose(other);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={words.project.pane}
      className="flex rounded-lg bg-sunken p-0.5"
      onKeyDown={onKeyDown}
    >
      {tabs.map(({ tab: one, label, icon: Icon }) => (
        <button
          key={one}
          id={`tab-${one}`}
          type="button"
          role="tab"
          aria-selected={one === tab}
          aria-controls={`pane-${one}`}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => onChoose(one)}
          className="flex items-center gap-1.5 rounded-md px-2.5 py-1 text-xs font-medium text-soft aria-selected:bg-raised aria-selected:text-ink aria-selected:shadow-sm"
        >
          <Icon size={13} aria-hidden />
          {label}
        </button>
      ))}
    </div>
  );
}
