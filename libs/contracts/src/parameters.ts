import { z } from 'zod';
import { issue } from './text.js';

/** Entries of a page when the caller does not say. */
export const DEFAULT_PAGE_LIMIT = 100;
/** Most entries of a page. */
export const MAX_PAGE_LIMIT = 1_000;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function refuse(code: string, message: string) {
  return (value: unknown, context: z.RefinementCtx): void => {
    context.addIssue({ ...issue(code, message), input: value });
  };
}

/** A UUID in any case; its canonical form is lower case. */
export const idSchema = z
  .custom<string>((value) => typeof value === 'string' && uuid.test(value), {
    error: 'must be a UUID',
    params: { code: 'invalid_id' },
  })
  .overwrite((value) => value.toLowerCase())
  .meta({ type: 'string', format: 'uuid' });

const nothing = '00000000-0000-0000-0000-000000000000';

/** An id as the LOL app may hold it: a text that is no UUID, such as the welcome page's `default`, is one that names nothing. */
export const anyIdSchema = z
  .custom<string>((value) => typeof value === 'string' && value.length > 0 && value.length <= 255, {
    error: 'must be an id',
    params: { code: 'invalid_id' },
  })
  .overwrite((value) => (uuid.test(value) ? value.toLowerCase() : nothing))
  .meta({ type: 'string', minLength: 1, maxLength: 255 });

/** A whole number in a query string, written in digits alone; given once. */
function wholeNumber(code: string, minimum: number, maximum: number) {
  const complain = refuse(code, `must be a whole number from ${minimum} to ${maximum}, given once`);
  return z
    .custom<string>(() => true)
    .transform((value: unknown, context): number => {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= minimum && number <= maximum) return number;
      complain(value, context);
      return z.NEVER;
    })
    .meta({ type: 'integer', minimum, maximum });
}

const seqNumber = (minimum: number) => wholeNumber('invalid_seq', minimum, Number.MAX_SAFE_INTEGER);

/** How many entries: 1 to 1,000. */
export const limitSchema = wholeNumber('invalid_limit', 1, MAX_PAGE_LIMIT);
/** How many entries to skip; a keyset cursor is cheaper. */
export const offsetSchema = wholeNumber('invalid_offset', 0, 1_000_000);
/** A position in a stream that was reached, or 0 for before its first event. */
export const cursorSeqSchema = seqNumber(0);
/** The seq of an event: 1 or more. */
export const seqSchema = seqNumber(1);
/** The number of a project's version: 1 or more. */
export const versionNumberSchema = wholeNumber('invalid_version', 1, Number.MAX_SAFE_INTEGER);
/** A yes or no in a query string; given once. */
export const flagSchema = z
  .custom<string>((value) => value === 'true' || value === 'false', {
    error: 'must be true or false, given once',
    params: { code: 'invalid_flag' },
  })
  .meta({ type: 'boolean' })
  .transform((value) => value === 'true');
/** An opaque page cursor, as a `Link` header gave it. */
export const pageCursorSchema = z
  .custom<string>((value) => typeof value === 'string' && value.length > 0 && value.length <= 512, {
    error: 'must be a cursor of this list, given once',
    params: { code: 'invalid_cursor' },
  })
  .meta({ type: 'string' });
