import type { Problem } from '#contracts';
import { ChatLogError } from '../chat-log-error.js';

/** `Retry-After` in milliseconds: seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The fields that are decided by. The schema itself would be a third of what a browser loads of this lib. */
function isProblem(body: unknown): body is Problem {
  const { code, detail } = (body ?? {}) as Partial<Problem>;
  return typeof code === 'string' && typeof detail === 'string';
}

function problemIn(text: string): Problem | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isProblem(body) ? body : undefined;
  } catch {
    // no body, or none of ours: a proxy answered, and its status is all that there is to tell
    return undefined;
  }
}

/**
 * What an answer that is no success says: the server's problem, or, where something else answered, its status alone.
 * Rejects where the connection is lost before all of it is there.
 */
export async function failureOf(response: Response): Promise<ChatLogError> {
  const { status, headers } = response;
  const problem = problemIn(await response.text());
  return new ChatLogError(problem?.detail ?? `The server answered with status ${status}.`, {
    code: problem?.code ?? `http_${status}`,
    status,
    requestId: problem?.requestId ?? headers.get('X-Request-Id') ?? undefined,
    field: problem?.field,
    retryAfterMs: retryAfter(headers.get('Retry-After')),
    problem,
  });
}
