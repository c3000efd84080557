import { memo } from 'react';
import { formatDay } from '../words/format.js';
import { ToolLine } from '../tools/tool-line.js';
import { AssistantMessage } from './assistant-message.js';
import { outcomeOf } from './message-outcome.js';
import type { Row } from './rows.js';
import { SystemMessage } from './system-message.js';
import { UserMessage } from './user-message.js';

/** One message in the list. Renders again only when its own message, or its place in the answer, has changed. */
export const MessageRow = memo(function MessageRow({ row }: { row: Row }) {
  const { message, startsDay } = row;
  return (
    <div
      className={`mx-auto w-full max-w-[46rem] px-4 sm:px-6 ${spaceAbove(row)}`}
      data-message-id={message.id}
      data-role={message.role}
      data-status={outcomeOf(message).status}
    >
      {startsDay && (
        <p className="pb-4 text-center text-xs font-medium text-faint">{formatDay(message.createdAt)}</p>
      )}
      {bodyOf(row)}
    </div>
  );
});

function bodyOf(row: Row) {
  switch (row.message.role) {
    case 'user':
      return <UserMessage message={row.message} />;
    case 'assistant':
      return <AssistantMessage row={row} />;
    case 'tool':
      return <ToolLine message={row.message} />;
    case 'system':
      return <SystemMessage message={row.message} />;
    default:
      return row.message.role satisfies never;
  }
}

/** An answer hangs together; a question has room around it. Padding, because the list measures boxes without margins. */
function spaceAbove({ message, startsAnswer, startsDay, continuesCalls }: Row): string {
  if (startsDay) return 'pt-4';
  if (continuesCalls) return '';
  if (message.role === 'user') return 'pt-8';
  return startsAnswer ? 'pt-2' : 'pt-3';
}
