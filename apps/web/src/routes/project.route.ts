import { createRoute } from '@tanstack/react-router';
import { ChatPage } from '../chat/chat-page.js';
import { projectSearch } from './project-search.js';
import { rootRoute } from './root.route.js';

/** `/projects/:id`: the chat of a project. `new` is the chat that has no project yet. */
export const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$projectId',
  validateSearch: projectSearch,
  component: ChatPage,
});
