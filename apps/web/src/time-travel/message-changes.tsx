import type { Message } from '#contracts';
import type { MessageChange, MomentComparison } from '#react';
import { words } from '../words/all-words.js';
import { ChangeBadge } from './change-badge.js';
import { TextDiff } from './text-diff.js';

/** A longer text shows its beginning. */
const PREVIEW = 280;

/** The messages that are not the same. */
export function MessageChanges({ comparison: { messages, comparedFrom } }: { comparison: MomentComparison }) {
  const { timeTravel } = words;
  return (
    <section aria-label={timeTravel.messagesDiffer(messages.length)} className="min-w-0">
      <h3 className="pb-1 text-sm font-semibold">{timeTravel.messagesDiffer(messages.length)}</h3>
      {messages.length === 0 && <p className="text-sm text-soft">{timeTravel.noMessages}</p>}
      <ul className="grid gap-1">
        {messages.map((change) => (
          <li key={change.id} className="rounded-lg border border-line px-2 py-1">
            <Change change={change} />
          </li>
        ))}
      </ul>
      {comparedFrom !== null && (
        <p className="pt-2 text-xs text-faint">{timeTravel.comparedFrom(comparedFrom)}</p>
      )}
    </section>
  );
}

function Change({ change: { before, after } }: { change: MessageChange }) {
  const message = after ?? before;
  if (!message) return null;
  const status = before && after ? 'modified' : after ? 'added' : 'deleted';
  const { timeTravel } = words;
  const name = message.toolName ? timeTravel.tool(message.toolName) : timeTravel.roles[message.role];
  return (
    <>
      <p className="flex items-center gap-2 text-sm">
        <ChangeBadge status={status} />
        <span className="font-medium">{name}</span>
      </p>
      {before && after && before.content !== after.content ? (
        <TextDiff isProse label={name} before={before.content} after={after.content} />
      ) : (
        <p dir="auto" className="line-clamp-3 pt-0.5 text-sm break-words whitespace-pre-wrap text-soft">
          {previewOf(message) || timeTravel.noText}
        </p>
      )}
    </>
  );
}

function previewOf({ content }: Message): string {
  return content.length > PREVIEW ? `${content.slice(0, PREVIEW)} …` : content;
}
