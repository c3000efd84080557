import { DomainRefusal } from '#model';

/** Absent, or not the principal's: both look the same from outside. */
export function notFound(what: 'conversation' | 'message' | 'turn', id: string): DomainRefusal {
  return new DomainRefusal('not_found', 404, `no ${what} ${id}`);
}

/** The stream changed faster than the command could be decided, for longer than a caller waits. Nothing was written. */
export function conversationBusy(id: string): DomainRefusal {
  return new DomainRefusal(
    'conversation_busy',
    503,
    `conversation ${id} is being written to too fast: try again`,
  );
}
