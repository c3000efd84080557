import type { Message } from '#contracts';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '../shell/copy-button.js';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/words.js';
import { useChatActions } from './chat-actions.js';
import { EditMessage } from './edit-message.js';
import { LongText } from './long-text.js';
import { MessageBar } from './message-bar.js';

/** What a person asked; it can be asked again in other words, beside this. */
export function UserMessage({ message }: { message: Message }) {
  const [isEditing, setIsEditing] = useState(false);
  const { isNow, isBusy, edit } = useChatActions();
  if (isEditing)
    return (
      <EditMessage
        text={message.content}
        onCancel={() => setIsEditing(false)}
        onSend={async (text) => {
          await edit(message, text);
          setIsEditing(false);
        }}
      />
    );
  return (
    <article aria-label={words.chat.you} className="group/message flex flex-col items-end">
      <div
        className="max-w-[85%] rounded-2xl rounded-ee-md border border-line bg-surface px-4 py-2.5"
        data-text
      >
        <LongText text={message.content} />
      </div>
      <MessageBar message={message}>
        {isNow && (
          <IconButton
            icon={Pencil}
            size={15}
            label={words.chat.edit}
            disabled={isBusy}
            onClick={() => setIsEditing(true)}
          />
        )}
        <CopyButton text={message.content} />
      </MessageBar>
    </article>
  );
}
