import { z } from 'zod';

/** The page's content security policy forbids making code out of text, so zod must not even try. Imported before any schema. */
z.config({ jitless: true });
