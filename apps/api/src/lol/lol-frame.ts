/**
 * One frame of the LOL app's stream. `seq` is that of the log event that it tells of, where there is one; `retryMs` is when to
 * come back, where that helps.
 */
export type LolFrame = { event: string; data: object; seq?: number; retryMs?: number };

/** The frame as bytes: one `data:` line. Nothing in the log can forge another: JSON escapes CR and LF. */
export function encodeLolFrame({ event, data, seq, retryMs }: LolFrame): string {
  const id = seq === undefined ? '' : `id: ${seq}\n`;
  const retry = retryMs === undefined ? '' : `retry: ${retryMs}\n`;
  return `${retry}${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Tells the app, and whatever stands between, that the turn is alive. */
export const heartbeat: LolFrame = { event: 'heartbeat', data: {} };
/** Nothing comes after it: the app's composer is free again. */
export const done: LolFrame = { event: 'done', data: {} };
