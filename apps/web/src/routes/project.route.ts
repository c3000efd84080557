import { createRoute } from '@tanstack/react-router';
import { ChatPage } from '../chat/chat-page.js';
import { chatsRoute } from './chats.route.js';
import { projectSearch } from './project-search.js';

/** `/projects/:id`: the chat of a project. `new` is the chat that has no project yet. */
export const projectRoute = createRoute({
  getParentRoute: () => chatsRoute,
  path: '/projects/$projectId',
  validateSearch: projectSearch,
  component: ChatPage,
});
