import { SetMetadata } from '@nestjs/common';

export const AS_PAGE = 'as-page';

/** The route is opened in a browser's window or frame: without a token, the browser is told to ask its user for one. */
export const AsPage = () => SetMetadata(AS_PAGE, true);
