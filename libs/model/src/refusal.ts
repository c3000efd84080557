/** A command that the conversation's state does not allow. Nothing happened; the same command may be allowed later. */
export class DomainRefusal extends Error {
  constructor(
    /** Stable: clients decide by it. */
    readonly code: string,
    /** The HTTP status that says the same. */
    readonly status: number,
    message: string,
    /** The command's field to blame, where one is. */
    readonly field?: string,
    /** What a client needs to go on, as `{turnId}` of the turn that runs. */
    readonly details?: Record<string, unknown>,
  ) {
    super(message);
    this.name = 'DomainRefusal';
  }
}
