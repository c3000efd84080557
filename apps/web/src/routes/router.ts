import { createRouter } from '@tanstack/react-router';
import { adminRoute } from './admin.route.js';
import { chatsRoute } from './chats.route.js';
import { homeRoute } from './home.route.js';
import { projectRoute } from './project.route.js';
import { rootRoute } from './root.route.js';

/** The pages by their address. Search parameters that a page does not know are dropped. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([chatsRoute.addChildren([homeRoute, projectRoute]), adminRoute]),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
