import { ArrowUp, Square } from 'lucide-react';
import { useId, useState, type KeyboardEvent, type Ref } from 'react';
import { words } from '../words/words.js';

/** What the server takes at most (`libs/contracts`: MAX_PROMPT_LENGTH). */
const MOST_CHARACTERS = 200_000;

type Props = {
  draft: string;
  onDraft: (text: string) => void;
  onSend: (text: string) => Promise<void>;
  onStop: () => Promise<void>;
  isBusy: boolean;
  /** Why nothing can be written now. */
  closedBecause?: string;
  placeholder: string;
  field: Ref<HTMLTextAreaElement>;
};

/** Where one writes. The draft outlives the page; Enter sends it, and while Claude answers the button stops the answer. */
export function Composer(props: Props) {
  const { draft, onDraft, onSend, onStop, isBusy, closedBecause, placeholder, field } = props;
  const [problem, setProblem] = useState<string>();
  const hintId = useId();
  const isClosed = closedBecause !== undefined;
  const isTooLong = draft.length > MOST_CHARACTERS;
  const canSend = !isClosed && !isBusy && !isTooLong && draft.trim() !== '';

  const tell = (error: unknown) => setProblem(error instanceof Error ? error.message : String(error));
  const send = () => {
    if (!canSend) return;
    setProblem(undefined);
    onSend(draft).catch(tell);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter chooses a word while one is composed of several keys
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="mx-auto w-full max-w-[46rem] px-4 pb-3 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2 rounded-[1.4rem] border border-line bg-raised py-2 ps-4 pe-2 shadow-[0_1px_2px_rgb(0_0_0/5%)] transition-[border-color,box-shadow] duration-150 focus-within:border-line-strong has-[textarea:disabled]:bg-surface">
        <textarea
          ref={field}
          dir="auto"
          rows={1}
          value={draft}
          disabled={isClosed}
          aria-label={words.chat.compose}
          aria-describedby={hintId}
          placeholder={closedBecause ?? placeholder}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[40vh] min-h-8 flex-1 resize-none bg-transparent py-1 outline-none placeholder:text-faint"
        />
        {isBusy && !isClosed ? (
          <button
            type="button"
            aria-label={words.chat.stop}
            title={words.chat.stop}
            onClick={() => void onStop().catch(tell)}
            className="grid size-8 shrink-0 place-items-center rounded-full bg-ink text-paper transition-transform active:scale-95"
          >
            <Square size={12} fill="currentColor" aria-hidden />
          </button>
        ) : (
          <button
            type="submit"
            aria-label={words.chat.send}
            title={words.chat.send}
            disabled={!canSend}
            className="grid size-8 shrink-0 place-items-center rounded-full bg-live text-on-live transition-transform active:scale-95 disabled:bg-sunken disabled:text-faint"
          >
            <ArrowUp size={17} strokeWidth={2.25} aria-hidden />
          </button>
        )}
      </div>
      <p id={hintId} className="pt-1.5 text-center text-xs text-faint max-sm:sr-only">
        {isTooLong ? words.chat.tooLong(MOST_CHARACTERS) : words.chat.hint}
      </p>
      {problem !== undefined && (
        <p role="alert" className="text-center text-sm text-danger">
          {problem}
        </p>
      )}
    </form>
  );
}
