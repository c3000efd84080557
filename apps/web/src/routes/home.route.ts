import { createRoute } from '@tanstack/react-router';
import { HomePage } from '../home/home-page.js';
import { chatsRoute } from './chats.route.js';

/** `/`: what there is, and a new chat. */
export const homeRoute = createRoute({ getParentRoute: () => chatsRoute, path: '/', component: HomePage });
