import { useState } from 'react';
import { PlainText } from '../markdown/plain-text.js';
import { words } from '../words/words.js';

/** About a screen. */
const MOST_CHARACTERS = 1_600;
const MOST_LINES = 24;

function shortened(text: string): string {
  return text.split('\n', MOST_LINES).join('\n').slice(0, MOST_CHARACTERS);
}

/** A text as it was written; of a very long one the beginning, until all of it is asked for. */
export function LongText({ text }: { text: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const beginning = shortened(text);
  if (beginning.length === text.length) return <PlainText text={text} />;
  return (
    <>
      <PlainText text={isWhole ? text : `${beginning.trimEnd()} …`} />
      <button
        type="button"
        aria-expanded={isWhole}
        className="mt-1 text-sm font-medium text-live hover:underline"
        onClick={() => setIsWhole(!isWhole)}
      >
        {isWhole ? words.chat.showLess : words.chat.showAll}
      </button>
    </>
  );
}
