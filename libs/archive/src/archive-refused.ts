export type RefusalCode =
  | 'not_empty'
  | 'not_a_backup'
  | 'already_whole'
  | 'damaged'
  | 'other_log'
  | 'schema'
  | 'busy'
  | 'absent'
  | 'different'
  | 'inconsistent';

/** What was asked for cannot be done; the message names the part, stream or seq, and says what to do. */
export class ArchiveRefused extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ArchiveRefused';
  }
}
