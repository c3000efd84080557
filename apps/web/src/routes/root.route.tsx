import { createRootRoute } from '@tanstack/react-router';
import { Shell } from '../shell/shell.js';
import { NotFound } from '../shell/not-found.js';
import { PageFailed } from '../shell/page-failed.js';

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageFailed,
});
