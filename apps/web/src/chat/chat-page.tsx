import { getRouteApi } from '@tanstack/react-router';
import { useConversation } from '#react';
import { useEffect } from 'react';
import { NEW } from '../routes/project-search.js';
import { PageFrame } from '../shell/page-frame.js';
import { conversationLink } from '../history/conversation-link.js';
import { ConversationView } from './conversation-view.js';
import { NewChat } from './new-chat.js';
import { NoChat } from './no-chat.js';

const route = getRouteApi('/chats/projects/$projectId');

/** `/projects/:id`: a chat of the project that the address names, or the one that is to begin. */
export function ChatPage() {
  const { projectId: inAddress } = route.useParams();
  const { conversation } = route.useSearch();
  const projectId = inAddress === NEW ? undefined : inAddress;
  if (conversation === NEW || (projectId === undefined && conversation === undefined))
    return (
      <PageFrame projectId={projectId} withProject={projectId !== undefined}>
        <NewChat projectId={projectId} />
      </PageFrame>
    );
  return <OpenChat key={conversation ?? projectId} projectId={projectId} wanted={conversation} />;
}

/** The conversation that is wanted, else the newest of the project. Its address names it, and the project that it is of. */
function OpenChat({ projectId, wanted }: { projectId: string | undefined; wanted: string | undefined }) {
  const chat = useConversation(projectId, { conversationId: wanted });
  const navigate = route.useNavigate();
  const { conversation, conversationId, loading, error } = chat;
  const ofProject = conversation?.projectId;

  useEffect(() => {
    if (conversationId === null) return;
    const isNamed = wanted === conversationId && (ofProject === undefined || ofProject === projectId);
    if (isNamed) return;
    const { params } = conversationLink({ id: conversationId, projectId: ofProject ?? projectId });
    void navigate({
      params,
      search: (before) => ({ ...before, conversation: conversationId }),
      replace: true,
    });
  }, [conversationId, ofProject, projectId, wanted, navigate]);

  if (conversationId === null)
    return (
      <PageFrame projectId={projectId} withProject={projectId !== undefined}>
        {loading ? null : error ? <NoChat error={error} /> : <NewChat projectId={projectId} />}
      </PageFrame>
    );
  return <ConversationView chat={chat} conversationId={conversationId} projectId={ofProject ?? projectId} />;
}
