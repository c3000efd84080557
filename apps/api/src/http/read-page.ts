import { CursorInvalid } from '#projections';
import { ProblemError } from './problem.error.js';

/** Runs a read of a page; a cursor that is not of this list is blamed on the parameter that carried it. */
export async function readPage<T>(
  query: { after?: string; before?: string },
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CursorInvalid)) throw error;
    const field = query.after === undefined ? 'before' : 'after';
    throw new ProblemError(400, 'invalid_cursor', `${field} is not a cursor of this list.`, { field });
  }
}
