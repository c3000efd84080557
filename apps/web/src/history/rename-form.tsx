import { useState } from 'react';
import { useEscape } from '../shell/use-escape.js';
import { useNotices } from '../shell/notices.js';
import { words } from '../words/words.js';

type Props = { title: string; onDone: () => void; onRename: (title: string) => Promise<void> };

/** A new title, in the old one's place. Enter takes it, Escape leaves it as it was. */
export function RenameForm({ title, onDone, onRename }: Props) {
  const [value, setValue] = useState(title);
  const { tellProblem } = useNotices();
  const escape = useEscape(onDone);
  const save = () => {
    const text = value.trim();
    onDone();
    if (text !== '' && text !== title) onRename(text).catch(tellProblem);
  };
  return (
    <form
      onKeyDown={escape}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <input
        autoFocus
        dir="auto"
        value={value}
        aria-label={words.history.renameTitle}
        onChange={(event) => setValue(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={save}
        className="w-full rounded-lg border border-line-strong bg-raised px-2 py-1 text-[0.8125rem] outline-none"
      />
    </form>
  );
}
