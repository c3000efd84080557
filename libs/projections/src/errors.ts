/** A page cursor that was cut, altered, or made for another list. */
export class CursorInvalid extends Error {
  constructor() {
    super('the cursor is not one of this list');
    this.name = 'CursorInvalid';
  }
}

/** There is no such conversation for this reader. */
export class ConversationAbsent extends Error {
  constructor(readonly conversationId: string) {
    super(`no conversation ${conversationId} for this reader`);
    this.name = 'ConversationAbsent';
  }
}

/** The conversation has not come to the asked position yet. */
export class PositionBeyondHead extends Error {
  constructor(
    readonly at: number,
    readonly head: number,
  ) {
    super(`the conversation is at ${head}, not yet at ${at}`);
    this.name = 'PositionBeyondHead';
  }
}

/** An exact answer would take too long right now: so much is not projected yet. Try again after a moment. */
export class ReadUnavailable extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'ReadUnavailable';
  }
}

/** The fold cannot read the event: its type or version is unknown here, or its data is not what its type says. */
export class UnreadableEvent extends Error {
  constructor(
    readonly seq: number,
    problem: string,
  ) {
    super(problem);
    this.name = 'UnreadableEvent';
  }
}

/** The rows of no generation can be read or fed by this code: it is older or newer than all of them. */
export class GenerationUnknown extends Error {
  constructor(projection: string, versions: readonly number[], found: string) {
    super(`projection ${projection}: this code has version ${versions.join(', ')}, the database ${found}`);
    this.name = 'GenerationUnknown';
  }
}
