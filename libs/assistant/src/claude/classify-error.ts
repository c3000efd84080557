import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from '@anthropic-ai/sdk';
import { ModelCallError, type ModelErrorCode } from './model-call-error.js';

/** Gives whatever the SDK threw its stable code. `begun`: the stream had begun, so a lost connection is a cut. */
export function classifyError(error: unknown, begun: boolean): ModelCallError {
  if (error instanceof ModelCallError) return error;
  if (error instanceof APIUserAbortError) return new ModelCallError('aborted', 'the call was stopped', false);
  if (error instanceof APIConnectionTimeoutError)
    return new ModelCallError('upstream_idle', 'the model server did not answer in time', true);
  if (error instanceof APIConnectionError)
    return new ModelCallError(
      'upstream_unavailable',
      `no connection to the model server: ${rootMessage(error)}`,
      true,
    );
  if (error instanceof APIError) return fromApiError(error);
  if (error instanceof SyntaxError)
    return new ModelCallError(
      'stream_invalid',
      `an event of the model's stream is no JSON: ${error.message}`,
      false,
    );
  const detail = `the model server's stream was cut: ${rootMessage(error)}`;
  return new ModelCallError(begun ? 'stream_truncated' : 'upstream_unavailable', detail, true);
}

function fromApiError(error: APIError): ModelCallError {
  const code = codeOf(error.status, error.type);
  const advice = error.headers?.get('x-should-retry');
  const retryable = advice === 'true' || (advice !== 'false' && isTransient(code, error.status));
  return new ModelCallError(code, messageOf(error), retryable, retryAfterMs(error.headers));
}

function codeOf(status: number | undefined, type: string | null | undefined): ModelErrorCode {
  if (status === 529 || type === 'overloaded_error') return 'overloaded';
  if (status === 429 || type === 'rate_limit_error') return 'rate_limited';
  if (status === 401 || status === 402 || status === 403) return 'authentication';
  if (type === 'authentication_error' || type === 'permission_error' || type === 'billing_error')
    return 'authentication';
  if (type === 'invalid_request_error' || type === 'not_found_error' || type === 'request_too_large')
    return 'invalid_request';
  return status !== undefined && status < 500 && status !== 408 && status !== 409
    ? 'invalid_request'
    : 'upstream_error';
}

function isTransient(code: ModelErrorCode, status: number | undefined): boolean {
  return code === 'overloaded' || code === 'rate_limited' || code === 'upstream_error' || status === 408;
}

/** The API's own words: `{type: 'error', error: {type, message}}`. */
function messageOf(error: APIError): string {
  const body: { error?: { message?: unknown } } | undefined = error.error;
  const message = body?.error?.message;
  return typeof message === 'string' && message !== '' ? message : error.message;
}

function retryAfterMs(headers: Headers | undefined): number | null {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (ms > 0) return ms;
  const after = headers?.get('retry-after') ?? '';
  const seconds = Number.parseFloat(after);
  const wait = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000;
  return wait > 0 ? wait : null;
}

function rootMessage(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause !== undefined) deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message : String(deepest);
}
