import type { Fault } from '#contracts';

type Extra = {
  field?: string;
  errors?: Fault[];
  details?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** A refusal that the HTTP side decides by itself; the problem filter renders it. */
export class ProblemError extends Error {
  readonly field?: string;
  readonly errors?: Fault[];
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    extra: Extra = {},
  ) {
    super(message);
    this.name = 'ProblemError';
    this.field = extra.field;
    this.errors = extra.errors;
    this.details = extra.details ?? {};
    this.headers = extra.headers ?? {};
  }
}

/** What is absent and what is not yours look the same. */
export function notFound(what: string): ProblemError {
  return new ProblemError(404, 'not_found', `There is no such ${what}.`);
}

/** The position is beyond the end of the log, as after a restore: fetch anew. */
export function streamAhead(field: string, after: number, head: number): ProblemError {
  const message = `${field} is ${after}, but the log ends at ${head}.`;
  return new ProblemError(409, 'stream_ahead', message, { field, details: { head } });
}
