import { SetMetadata } from '@nestjs/common';
import type { RouteScope } from './require-scope.js';

export const REQUIRED_SCOPE = 'required-scope';

/** The route, or all routes of the controller, ask for this scope; others ask for `read`, or `write` where they are no GET. */
export const RequireScope = (scope: RouteScope) => SetMetadata(REQUIRED_SCOPE, scope);
