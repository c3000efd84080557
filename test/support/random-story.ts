import { DomainRefusal, foldMessage, isOpen, unansweredCalls, type ConversationCommand } from '#model';
import type { RawEvent } from '../samples/answers.js';
import { answers } from '../samples/answers.js';
import type { Prng } from './prng.js';
import { conversationId, Story } from './story.js';

const wholeAnswers = Object.values(answers);
const texts = ['', ' ', 'Hi', 'What is the time?', 'x'.repeat(400), '时间'.repeat(50), '😀 ok'];

/** A conversation that goes its own way: people write, branches grow, turns run, are cut off and repaired. */
export class RandomStory extends Story {
  /** Events of the running answer that are still to come. */
  private coming: RawEvent[] = [];
  /** Calls of the last answer that are still to be made. */
  private calls: { id: string; messageId: string }[] = [];
  private lastAnswerId = '';

  constructor(private readonly prng: Prng) {
    super();
    this.start();
  }

  /** A command of any kind, sensible or not. */
  anyCommand(): ConversationCommand {
    const { prng } = this;
    const messageId = this.anyMessageId();
    const turnId = this.newId();
    const known = prng.pick([...Object.keys(this.turns), turnId]);
    const role = prng.pick(['user', 'user', 'assistant', 'tool', 'system'] as const);
    const parent = prng.next() < 0.3 ? { parentId: prng.pick([messageId, messageId, null]) } : {};
    const toolFields =
      role === 'tool'
        ? { toolName: 'Clock', toolCall: { a: 1 }, toolResult: prng.pick(['ok', null, { b: [2] }]) }
        : {};
    return prng.pick<() => ConversationCommand>([
      () => ({ type: 'startConversation', conversationId }),
      () => ({ type: 'renameConversation', title: prng.pick(['a', 'b']) }),
      () => ({ type: 'archiveConversation' }),
      () => ({ type: 'unarchiveConversation' }),
      () => ({ type: prng.next() < 0.2 ? 'trashConversation' : 'restoreConversation' }),
      () => ({ type: 'restoreConversation' }),
      () => ({
        type: 'postMessage',
        messageId: this.newId(),
        role,
        content: prng.pick(texts),
        ...parent,
        ...toolFields,
      }),
      () => ({ type: 'postMessage', messageId: this.newId(), role: 'user', content: 'more' }),
      () => ({ type: 'editMessage', messageId, content: prng.pick(texts) }),
      () => ({
        type: 'editMessage',
        messageId,
        metadata: { a: 1 },
        streamingStatus: prng.pick(['pending', 'error'] as const),
      }),
      () => ({ type: 'removeMessage', messageId }),
      () => ({ type: 'selectBranch', leafId: messageId }),
      () => ({ type: 'appendChunk', messageId, chunk: prng.pick(texts) }),
      () => ({ type: 'completeMessage', messageId }),
      () => ({ type: 'requestTurn', turnId, messageId: this.newId(), prompt: prng.pick(texts), ...parent }),
      () => ({ type: 'requestTurn', turnId, messageId: this.newId(), prompt: 'Go on' }),
      () => ({ type: 'regenerate', turnId, messageId }),
      () => ({ type: 'cancelTurn', turnId: known }),
      () => ({ type: 'interruptTurn', turnId: known, reason: 'lease_expired' }),
      () => ({ type: 'failTurn', turnId: known, code: 'not_started', message: 'too late' }),
    ])();
  }

  /** Something happens: a command that may be refused, or the running turn goes on. */
  step(): void {
    if (isOpen(this.state.turn) && this.prng.next() < 0.85) this.runOn();
    else this.tryToDo(this.anyCommand());
  }

  tryToDo(command: ConversationCommand): void {
    try {
      this.do(command);
    } catch (error) {
      if (!(error instanceof DomainRefusal)) throw error;
    }
  }

  private anyMessageId(): string {
    const ids = Object.keys(this.state.messages);
    const recent = ids.slice(-6);
    return this.prng.pick([...recent, ...recent, ...ids.slice(0, 3), this.newId()]);
  }

  private runOn(): void {
    const { turn, inFlight } = this.state;
    if (turn!.status === 'requested') {
      this.append({ type: 'TurnStarted', data: { turnId: turn!.turnId, owner: 'random' } });
      this.calls = [];
      this.coming = [];
      this.repair();
    } else if (inFlight) this.stream();
    else if (Object.keys(turn!.openToolCalls).length > 0) this.endCall();
    else if (this.calls.length > 0) this.beginCall();
    else if (this.prng.next() < 0.4 && turn!.step > 0) this.end();
    else this.answer();
  }

  /** An aborted turn may leave calls open; a runner repairs all of them, or (an older one) none. */
  private repair(): void {
    if (this.prng.next() < 0.3) return;
    for (const { assistantMessageId, toolUseId } of unansweredCalls(this.state, this.state.turn!.tipId)) {
      this.fail(toolUseId, null, assistantMessageId, 'never begun');
    }
  }

  private answer(): void {
    this.lastAnswerId = this.begin();
    this.coming = [...this.prng.pick(wholeAnswers)];
  }

  private stream(): void {
    const some = this.coming.splice(0, this.prng.between(1, 6));
    if (some.length > 0) this.deltas(...some);
    if (this.coming.length > 0) return;
    const message = structuredClone(foldMessage(this.state.inFlight!.fold)!);
    this.complete(message);
    this.calls = message.content
      .filter(({ type }) => type === 'tool_use')
      .map(({ id }) => ({ id: String(id), messageId: this.lastAnswerId }));
  }

  private beginCall(): void {
    const { id, messageId } = this.calls.shift()!;
    if (this.prng.next() < 0.1) this.fail(id, null, messageId, 'input is no JSON');
    else this.call(id, messageId, { zone: 'UTC' });
  }

  private endCall(): void {
    const [[toolUseId, rowId]] = Object.entries(this.state.turn!.openToolCalls) as [[string, string]];
    if (this.prng.next() < 0.7) this.succeed(toolUseId, rowId, this.lastAnswerId, this.prng.pick(texts));
    else this.fail(toolUseId, rowId, this.lastAnswerId, 'it broke');
  }
}
