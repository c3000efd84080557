import { createRoute } from '@tanstack/react-router';
import { ChatsFrame } from '../shell/chats-frame.js';
import { rootRoute } from './root.route.js';

/** Around every page that has the chats beside it: they stay as they are while one goes from page to page. */
export const chatsRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'chats',
  component: ChatsFrame,
});
