import { useNavigate } from '@tanstack/react-router';
import { useChatLog, useDraft, useOutbox } from '#react';
import { useEffect, useRef } from 'react';
import { conversationLink } from '../history/conversation-link.js';
import { useNotices } from '../shell/notices.js';
import { words } from '../words/words.js';
import { ChatHeader } from './chat-header.js';
import { Composer } from './composer.js';
import { OutboxList } from './outbox-list.js';
import { useComposerKeys } from './use-composer-keys.js';

/** A chat that begins with its first message: only then is there a conversation. */
export function NewChat({ projectId }: { projectId: string | undefined }) {
  const { client } = useChatLog();
  const { draft, setDraft, clearDraft } = useDraft(`new ${projectId ?? ''}`);
  const { entries, retry, discard } = useOutbox(null);
  const { tellProblem } = useNotices();
  const navigate = useNavigate();
  const field = useRef<HTMLTextAreaElement>(null);
  useComposerKeys(field);
  useEffect(() => field.current?.focus(), []);

  const send = async (text: string) => {
    clearDraft();
    // what cannot be sent stays in the list below, with its text: nothing to tell beside that
    const { conversationId } = await client.outbox.send(
      { conversationId: null, projectId },
      { prompt: text },
    );
    if (conversationId)
      await navigate({ ...conversationLink({ id: conversationId, projectId }), replace: true });
  };

  return (
    <>
      <ChatHeader title={words.chat.emptyTitle} projectId={projectId} withProject={projectId !== undefined} />
      <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto pb-[12vh]">
        <div className="mx-auto w-full max-w-[46rem] px-6 pb-6">
          <h2 className="text-[1.65rem] leading-tight font-semibold tracking-tight text-balance">
            {words.chat.placeholderFirst}
          </h2>
          <p className="max-w-[34rem] pt-2 text-soft">{words.chat.empty}</p>
        </div>
        <OutboxList entries={entries} onRetry={retry} onDiscard={(key) => setDraft(discard(key) ?? '')} />
        <Composer
          draft={draft}
          onDraft={setDraft}
          onSend={send}
          onStop={() => Promise.resolve()}
          isBusy={false}
          placeholder={words.chat.placeholder}
          field={field}
        />
        <div className="mx-auto flex w-full max-w-[46rem] flex-wrap gap-2 px-4 pt-2 sm:px-6">
          {words.home.suggestions.map((text) => (
            <button
              key={text}
              type="button"
              onClick={() => void send(text).catch(tellProblem)}
              className="rounded-full border border-line bg-raised px-3.5 py-1.5 text-[0.8125rem] text-soft transition-colors hover:border-line-strong hover:text-ink"
            >
              {text}
            </button>
          ))}
        </div>
      </div>
    </>
  );
}
