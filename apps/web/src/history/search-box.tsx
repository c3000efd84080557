import { Search, X } from 'lucide-react';
import { words } from '../words/words.js';

/** Searches while one types. Escape, or the cross, ends it. */
export function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  return (
    <div role="search" className="relative">
      <Search size={14} aria-hidden className="pointer-events-none absolute top-2.5 left-3 text-faint" />
      <input
        type="text"
        dir="auto"
        value={value}
        maxLength={1_000}
        aria-label={words.history.search}
        placeholder={words.history.search}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
        }}
        className="h-[2.1rem] w-full rounded-xl border border-transparent bg-sunken ps-8 pe-8 text-[0.8125rem] outline-none placeholder:text-faint focus:border-line-strong focus:bg-raised"
      />
      {value !== '' && (
        <button
          type="button"
          aria-label={words.history.clearSearch}
          onClick={() => onChange('')}
          className="absolute top-1 right-1 grid size-7 place-items-center rounded-lg text-faint hover:text-ink"
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}
