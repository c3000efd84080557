/** Someone else appended first: read on from the log and decide again. Nothing of the unit was written. */
export class WrongExpectedVersion extends Error {
  constructor(
    readonly streamId: string,
    readonly expectedSeq: number,
  ) {
    super(`stream ${streamId} is not at seq ${expectedSeq}`);
    this.name = 'WrongExpectedVersion';
  }
}

/** The command's key was used before with another method, path or body. */
export class IdempotencyKeyReused extends Error {
  constructor(readonly commandId: string) {
    super(`the idempotency key ${commandId} was used before with another body`);
    this.name = 'IdempotencyKeyReused';
  }
}

/** The database refused the unit's data (a 22, 23 or 54 error); nothing of it was written, and a retry would fail too. */
export class AppendRefused extends Error {
  constructor(
    readonly sqlState: string,
    detail: string,
  ) {
    super(detail);
    this.name = 'AppendRefused';
  }
}

/** The log could not be reached in time. The unit may have been committed: retry with the same event ids. */
export class LogUnavailable extends Error {
  constructor(
    detail: string,
    /** `storage_full` when the disk is full, else `log_unavailable`. */
    readonly code: 'log_unavailable' | 'storage_full' = 'log_unavailable',
  ) {
    super(detail);
    this.name = 'LogUnavailable';
  }
}
