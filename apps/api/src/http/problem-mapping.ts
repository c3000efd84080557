import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { Problem } from '#contracts';
import { AppendRefused, IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from '#event-log';
import { DomainRefusal } from '#model';
import { PositionBeyondHead, ReadUnavailable } from '#projections';
import { ProblemError, streamAhead } from './problem.error.js';
import { storageFailure } from './storage-failure.js';

/** What passes by itself is tried again after a second. */
const retryLater = { 'Retry-After': '1' };

export type ProblemAnswer = { problem: Problem; headers: Record<string, string> };

const unavailable = (code: string) =>
  new ProblemError(
    503,
    code,
    code === 'storage_full' ? 'The storage is full.' : 'The log cannot be reached right now.',
    {
      headers: retryLater,
    },
  );

/** Codes for what Fastify and Nest refuse before a handler runs. */
const frameworkProblems: Record<string, ProblemError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new ProblemError(
    413,
    'body_too_large',
    'The body is larger than this path takes.',
    { field: 'body' },
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new ProblemError(415, 'unsupported_media_type', 'Send application/json.', {
    field: 'Content-Type',
  }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new ProblemError(
    400,
    'invalid_content_length',
    'The body is not as long as Content-Length says.',
    { field: 'Content-Length' },
  ),
  FST_ERR_BAD_URL: new ProblemError(400, 'invalid_path', 'The path is not a valid URL path.', {
    field: 'path',
  }),
  FST_ERR_MAX_PARAM_LENGTH: new ProblemError(414, 'invalid_path', 'A part of the path is too long.', {
    field: 'path',
  }),
};

function frameworkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && code.startsWith('FST_')) return code;
  return frameworkCode(error.cause);
}

function fromHttpException(error: HttpException): ProblemError {
  const status = error.getStatus();
  if (status === 404)
    return new ProblemError(404, 'path_not_found', 'There is nothing at this path.', { field: 'path' });
  const phrase = STATUS_CODES[status] ?? 'Error';
  return new ProblemError(status, phrase.toLowerCase().replaceAll(/[^a-z]+/g, '_'), phrase);
}

/** The refusal that an error means for the client; null when the fault is ours. */
function refusalOf(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof DomainRefusal) {
    const { status, code, message, field, details } = error;
    return new ProblemError(status, code, message, {
      field,
      details,
      headers: status === 503 ? retryLater : {},
    });
  }
  if (error instanceof WrongExpectedVersion) {
    const message = 'Others have written to this conversation meanwhile: read on, then decide again.';
    return new ProblemError(409, 'wrong_expected_seq', message, { field: 'expectedSeq' });
  }
  if (error instanceof IdempotencyKeyReused) {
    const message = 'This key was used before with another method, path or body.';
    return new ProblemError(422, 'idempotency_key_reused', message, { field: 'Idempotency-Key' });
  }
  if (error instanceof AppendRefused) {
    return new ProblemError(422, 'not_storable', 'The log cannot store this data.');
  }
  if (error instanceof LogUnavailable) return unavailable(error.code);
  if (error instanceof ReadUnavailable) {
    const message = 'Too much is not projected yet for an exact answer right now.';
    return new ProblemError(503, 'projections_behind', message, { headers: retryLater });
  }
  if (error instanceof PositionBeyondHead) return streamAhead('at', error.at, error.head);
  const framework = frameworkProblems[frameworkCode(error) ?? ''];
  if (framework) return framework;
  if (error instanceof HttpException) return fromHttpException(error);
  const failure = storageFailure(error);
  return failure ? unavailable(failure) : null;
}

/** One problem for any error. What is not understood is a 500 that tells nothing but its request id. */
export function problemFor(error: unknown, requestId: string): ProblemAnswer {
  const refusal =
    refusalOf(error) ??
    new ProblemError(500, 'internal_error', 'Something went wrong here. The request id finds it in the log.');
  const { status, code, message, field, errors, details, headers } = refusal;
  const problem: Problem = {
    ...details,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    ...(field === undefined ? {} : { field }),
    ...(errors && errors.length > 0 ? { errors } : {}),
    requestId,
    error: message,
    message,
  };
  return { problem, headers };
}
