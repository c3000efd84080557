import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root.route.js';

/** `/admin`: how the service stands. Loaded when somebody goes there. */
export const adminRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('../admin/admin-page.js'), 'AdminPage'),
});
