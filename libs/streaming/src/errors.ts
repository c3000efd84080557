/** The cursor is no position: not a whole number from 0 to 2^53 − 1. For the API: 400. */
export class CursorInvalid extends Error {
  constructor(readonly field: 'after' | 'Last-Event-ID') {
    super(`${field} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
    this.name = 'CursorInvalid';
  }
}

/** The cursor is beyond the end of the log, as after a restore: the client must fetch anew. For the API: 409 `stream_ahead`. */
export class StreamAhead extends Error {
  constructor(
    readonly after: number,
    readonly head: number,
  ) {
    super(`the cursor ${after} is ahead of the log, which ends at ${head}`);
    this.name = 'StreamAhead';
  }
}

/** No such stream. For the API: 404. */
export class StreamNotFound extends Error {
  constructor(readonly streamId: string) {
    super(`no stream ${streamId}`);
    this.name = 'StreamNotFound';
  }
}

/** The log answered with a seq other than cursor + 1. Nothing was sent; the reader closes rather than skip. */
export class StreamGap extends Error {
  constructor(
    readonly streamId: string,
    readonly expected: number,
    readonly found: number,
  ) {
    super(`stream ${streamId}: expected seq ${expected}, the log gave ${found}`);
    this.name = 'StreamGap';
  }
}
