import { SetMetadata } from '@nestjs/common';

export const OPEN_ROUTE = 'open-route';

/** The route answers without a token: it tells nothing about anyone's data. The host rule still holds. */
export const OpenRoute = () => SetMetadata(OPEN_ROUTE, true);
