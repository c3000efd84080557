import type { LogEvent, Message } from '#contracts';
import { conversationOfState, copyState, evolve, selectedPath, type ConversationState } from '#model';
import { MessageBook } from './message-book.js';
import type { ReadState } from './read-state.js';
import { stateOfPage } from './state-of-page.js';

/** What an event did beside what is shown of it. */
export type Effect = {
  /** A message that is not loaded was changed. */
  touched?: string;
  /** A message was added whose place among its siblings is a guess. */
  unplaced?: string;
  /** The selected branch is not loaded any more, or not known: the state must be read anew. */
  lost?: boolean;
};

/** One conversation from a state that was read on: its events folded by the same `evolve` as on the server. */
export class ConversationFold {
  readonly state: ConversationState;
  private readonly book: MessageBook;
  /** The oldest message that is loaded. */
  private topId: string | undefined;

  constructor(
    private readonly read: ReadState,
    earlier?: ConversationFold,
  ) {
    const { page, answer } = read;
    this.state = stateOfPage(page, answer);
    this.book = new MessageBook(page.conversation.id);
    for (const message of [...page.messages, ...(page.halfWritten ? [page.halfWritten] : [])]) {
      this.book.seed(this.state.messages[message.id]!, message, earlier?.book);
    }
    this.topId = page.messages[0]?.id;
  }

  get epoch(): string {
    return this.read.page.conversation.epoch;
  }

  /** The cursor of the messages before those that are loaded; undefined where there are none. */
  get previous(): { at: number; before: string } | undefined {
    const { previous, seq } = this.read.page;
    const top = this.topId === undefined ? undefined : this.state.messages[this.topId];
    return previous === undefined || top?.parentId == null ? undefined : { at: seq, before: previous };
  }

  get conversation() {
    return conversationOfState(this.state, this.epoch);
  }

  /** The loaded end of the selected branch, oldest first. */
  messages(): Message[] {
    return selectedPath(this.state).map((message) => this.book.resource(message));
  }

  message(id: string): Message | undefined {
    const message = this.state.messages[id];
    return message && !message.removed ? this.book.resource(message) : undefined;
  }

  /** Folds one more event: the next by seq. */
  apply(event: LogEvent): Effect {
    const { state } = this;
    const { messageId, assistantMessageId } = (event.data ?? {}) as Record<string, unknown>;
    const id = typeof messageId === 'string' ? messageId : assistantMessageId;
    const before = typeof id === 'string' ? state.messages[id] : undefined;
    evolve(state, { schemaVersion: 1, ...event });
    if (event.type === 'BranchSelected') return { lost: this.isLost() };
    if (typeof id !== 'string') return {};
    const after = state.messages[id];
    if (!after) return event.type === 'MessageRemoved' ? { touched: id, lost: true } : { touched: id };
    if (!before) {
      const placed = this.book.add(after);
      this.topId ??= after.id;
      return placed || this.isFirstChild(after.parentId) ? {} : { unplaced: id };
    }
    if (after.removed && !before.removed) this.book.remove(id);
    return {};
  }

  /** What a later read says of a message's place among its siblings. */
  correctPlace({ id, siblings }: Message): void {
    this.book.correct(id, siblings);
  }

  /** The state as it is now, for whoever folds on from it. */
  copy(): ConversationState {
    return copyState(this.state);
  }

  /** What was made since the state was read has no children but those that were made since; nor has an empty conversation. */
  private isFirstChild(parentId: string | null): boolean {
    const { seq, conversation } = this.read.page;
    if (parentId === null) return conversation.leafId === undefined;
    return (this.state.messages[parentId]?.seq ?? 0) > seq;
  }

  /** The branch is whole where it goes up to a first message, or to the one that older pages go on from. */
  private isLost(): boolean {
    const top = selectedPath(this.state)[0];
    if (!top) return this.state.leafId !== null;
    if (top.parentId !== null && top.id !== this.topId) return true;
    this.topId = top.id;
    return false;
  }
}
