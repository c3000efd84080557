import { createRoute } from '@tanstack/react-router';
import { HomePage } from '../home/home-page.js';
import { rootRoute } from './root.route.js';

/** `/`: what there is, and a new chat. */
export const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });
