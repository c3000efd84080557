import type { Message } from '#contracts';
import { useClaudeStream, useMessages, useOutbox, type UseConversationResult } from '#react';
import { Suspense, useRef, useState } from 'react';
import { getRouteApi } from '@tanstack/react-router';
import { PageFrame } from '../shell/page-frame.js';
import { useNotices } from '../shell/notices.js';
import { words } from '../words/words.js';
import { titleOf } from '../history/conversation-link.js';
import { ActionLine } from './action-line.js';
import { ChatActionsContext } from './chat-actions.js';
import { ChatComposer } from './chat-composer.js';
import { ChatHeader } from './chat-header.js';
import { ConnectionBadge } from './connection-badge.js';
import { pagesOfNow, pagesOfPast } from './list-pages.js';
import { MessageList } from './message-list.js';
import { NoChat } from './no-chat.js';
import { OutboxList } from './outbox-list.js';
import type { TimeTravelPort } from './past-view.js';
import { ShownSeq } from './shown-seq.js';
import { StreamAnnouncer } from './stream-announcer.js';
import { TrashNote } from './trash-note.js';
import { UnansweredNote } from './unanswered-note.js';
import { useMessageActions } from './use-message-actions.js';
import { useChatKeys } from './use-chat-keys.js';
import { useProjectUpdates } from './use-project-updates.js';
import { useRows } from './use-rows.js';
import { useTarget } from './use-target.js';
import { lazyPart } from '../shell/lazy-part.js';

const TimeTravelRegion = lazyPart(() =>
  import('./time-travel-region.js').then((module) => ({ default: module.TimeTravelRegion })),
);
const route = getRouteApi('/chats/projects/$projectId');

type Props = { chat: UseConversationResult; conversationId: string; projectId: string | undefined };

/** An open conversation: its messages, now or at the moment that the slider shows, and where one writes. */
export function ConversationView({ chat, conversationId, projectId }: Props) {
  const { message: target, at } = route.useSearch();
  const [{ past, goTo }, setTravel] = useState<TimeTravelPort | typeof atNow>(atNow);
  const now = useMessages(conversationId, { quiet: true });
  const stream = useClaudeStream({ conversationId });
  const outbox = useOutbox(conversationId);
  const { tellProblem } = useNotices();
  const [sent, setSent] = useState(0);
  const [takenBack, setTakenBack] = useState<{ text: string } | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  // an address with a moment in it never shows now, not even until the slider is there
  const isPast = past !== null || (at !== undefined && goTo === null);
  // its code and the timeline would come in between, and what is now is wanted first
  const isSliderDue = at !== undefined || !now.loading;
  const { isStreaming: isBusy, conversation, error } = chat;

  const messages = isPast ? (past?.messages ?? none) : now.messages;
  const list = isPast ? pagesOfPast(past) : pagesOfNow(now);
  const rows = useRows(messages, list);
  const jumpTarget = useTarget(target, now);
  useChatKeys({ field, stop: isBusy ? chat.stop : null });
  useProjectUpdates(projectId, messages);

  const actions = useMessageActions(chat, { isPast, isBusy, goTo });

  if (error && !conversation)
    return (
      <PageFrame projectId={projectId}>
        <NoChat
          error={error}
          onRestore={() => void chat.restore().then(() => location.reload(), tellProblem)}
        />
      </PageFrame>
    );

  const isTrashed = conversation?.trashedAt !== undefined;
  const closedBecause = isPast ? words.chat.past : isTrashed ? words.chat.inTrash : undefined;

  return (
    <PageFrame
      projectId={projectId}
      past={past?.project}
      withProject={projectId !== undefined}
      below={
        <Suspense fallback={noSlider}>
          {isSliderDue ? <TimeTravelRegion conversationId={conversationId} onMove={setTravel} /> : noSlider}
        </Suspense>
      }
    >
      <ChatHeader
        title={titleOf(conversation ?? {}, words.history.untitled)}
        onRename={conversation ? chat.rename : undefined}
        projectId={projectId}
        withProject={projectId !== undefined}
      >
        <ConnectionBadge status={chat.connection} onReconnect={stream.reconnect} />
      </ChatHeader>
      <ChatActionsContext value={actions}>
        <MessageList
          key={isPast ? 'past' : 'now'}
          rows={rows}
          pages={list}
          target={jumpTarget}
          sent={sent}
          isLive={!isPast}
          footer={
            !isPast && (
              <>
                <UnansweredNote last={now.messages.at(-1)} error={stream.error} />
                <OutboxList
                  entries={outbox.entries}
                  onRetry={outbox.retry}
                  onDiscard={(key) => {
                    const text = outbox.discard(key);
                    if (text !== null) setTakenBack({ text });
                  }}
                />
              </>
            )
          }
        />
      </ChatActionsContext>
      {!isPast && <ShownSeq conversationId={conversationId} />}
      <StreamAnnouncer isBusy={isBusy} last={now.messages.at(-1)} />
      {!isPast && <ActionLine action={stream.action} />}
      {isTrashed && !isPast && <TrashNote onRestore={() => chat.restore().catch(tellProblem)} />}
      <ChatComposer
        conversationId={conversationId}
        takenBack={takenBack}
        onSend={async (text) => {
          setSent((count) => count + 1);
          await chat.send(text);
        }}
        onStop={chat.stop}
        isBusy={isBusy}
        closedBecause={closedBecause}
        placeholder={words.chat.placeholder}
        field={field}
      />
    </PageFrame>
  );
}

const noSlider = <div className="h-11 border-t border-line bg-surface" />;
const none: readonly Message[] = [];
const atNow: { past: null; goTo: null } = { past: null, goTo: null };
