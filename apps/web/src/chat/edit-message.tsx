import { useState } from 'react';
import { words } from '../words/words.js';
import { useEscape } from '../shell/use-escape.js';

type Props = { text: string; onCancel: () => void; onSend: (text: string) => Promise<void> };

/** A message in other words. Sent, it becomes a sibling of the old one; nothing is overwritten. */
export function EditMessage({ text, onCancel, onSend }: Props) {
  const [value, setValue] = useState(text);
  const [problem, setProblem] = useState<string>();
  const escape = useEscape(onCancel);
  const send = () => {
    onSend(value).catch((error: unknown) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <form
      className="rounded-2xl border border-line-strong bg-raised p-3"
      onKeyDown={escape}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        autoFocus
        dir="auto"
        aria-label={words.chat.editing}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        className="field-sizing-content max-h-[50vh] min-h-20 w-full resize-none bg-transparent px-1 outline-none"
      />
      {problem && (
        <p role="alert" className="px-1 text-sm text-danger">
          {problem}
        </p>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <button type="button" className="button-quiet" onClick={onCancel}>
          {words.app.cancel}
        </button>
        <button type="submit" className="button-primary" disabled={value.trim() === ''}>
          {words.chat.resend}
        </button>
      </div>
    </form>
  );
}
