import {
  currentVersions,
  decide,
  evolve,
  foldEvents,
  initialState,
  missingFacts,
  type ConversationCommand,
  type ConversationState,
  type Decision,
  type DomainEvent,
  type Facts,
  type LoggedEvent,
  type MessageState,
} from '#model';

/** The id of number `n`: readable in a failed test. */
export function idOf(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export const conversationId = idOf(0);

/** One millisecond an event. */
export function timeOf(seq: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seq).toISOString();
}

/** The events as a log would hold them after `afterSeq`. */
export function logged(events: readonly DomainEvent[], afterSeq = 0): LoggedEvent[] {
  return events.map(({ type, data, metadata }, index) => ({
    seq: afterSeq + 1 + index,
    type,
    at: timeOf(afterSeq + 1 + index),
    schemaVersion: currentVersions[type],
    data: structuredClone(data),
    metadata: metadata ?? {},
  }));
}

/** The facts that the caller of `decide` would look up in the log, here in a full state. */
export function factsFor(state: ConversationState, command: ConversationCommand, all: Story): Facts {
  const facts: Facts = { messages: {}, turns: all.turns };
  for (;;) {
    const found = missingFacts(state, command, facts)
      .map((id): MessageState | undefined => all.state.messages[id])
      .filter((message) => message !== undefined);
    if (found.length === 0) return facts;
    for (const { id, parentId, role, seq } of found) facts.messages[id] = { parentId, role, seq };
  }
}

/** A conversation that grows: by commands, or by events of its own choosing. */
export class Story {
  readonly events: LoggedEvent[] = [];
  readonly turns: Record<string, { seq: number }> = {};
  state = initialState(conversationId);
  private lastId = 0;

  newId(): string {
    this.lastId += 1;
    return idOf(this.lastId);
  }

  /** Takes another story's events as its own past, and goes on from there. */
  goOn(past: readonly LoggedEvent[]): this {
    this.events.splice(0, this.events.length, ...past);
    this.state = foldEvents(conversationId, past);
    return this;
  }

  append(...events: DomainEvent[]): this {
    for (const event of logged(events, this.state.seq)) {
      this.events.push(event);
      this.state = evolve(this.state, event);
      const { turnId } = event.data as { turnId?: string };
      if (event.type === 'TurnRequested' && turnId) this.turns[turnId] = { seq: event.seq };
    }
    return this;
  }

  /** @throws DomainRefusal */
  do(command: ConversationCommand): Decision {
    const decision = decide(this.state, command, { messages: {}, turns: this.turns });
    this.append(...decision.events);
    return decision;
  }

  start(title?: string): this {
    this.do({ type: 'startConversation', conversationId, title });
    return this;
  }

  /** Posts a message and gives its id. */
  post(role: MessageState['role'], content: string, more: { parentId?: string | null } = {}): string {
    const messageId = this.newId();
    this.do({ type: 'postMessage', messageId, role, content, ...more });
    return messageId;
  }

  /** Asks for a turn, and starts it. */
  turn(prompt: string): { turnId: string; messageId: string } {
    const turnId = this.newId();
    const messageId = this.newId();
    this.do({ type: 'requestTurn', turnId, messageId, prompt });
    this.append({ type: 'TurnStarted', data: { turnId, owner: 'test' } });
    return { turnId, messageId };
  }

  /** The running turn's next answer begins. */
  begin(): string {
    const { turnId, tipId, step } = this.state.turn!;
    const messageId = this.newId();
    const request = { fromSeq: 1, toSeq: this.state.seq, model: 'm', params: {}, sha256: '' };
    this.append(
      { type: 'ModelRequested', data: { turnId, step: step + 1, ...request } },
      { type: 'AssistantMessageStarted', data: { turnId, messageId, parentId: tipId, step: step + 1 } },
    );
    return messageId;
  }

  deltas(...raw: { type: string; [field: string]: unknown }[]): this {
    const { turnId } = this.state.turn!;
    return this.append(
      ...raw.map((data) => ({ type: 'StreamDeltaReceived' as const, data, metadata: { turnId } })),
    );
  }

  complete(message: {
    content: { type: string; [field: string]: unknown }[];
    [field: string]: unknown;
  }): this {
    const { turnId } = this.state.turn!;
    const { messageId } = this.state.inFlight!;
    const stopReason = typeof message.stop_reason === 'string' ? message.stop_reason : null;
    const usage = { output_tokens: 1 };
    return this.append({
      type: 'AssistantMessageCompleted',
      data: { turnId, messageId, message, stopReason, usage },
    });
  }

  /** Begins the row of a tool call; its end is one of the two below. */
  call(toolUseId: string, assistantMessageId: string, input: Record<string, string> = {}): string {
    const { turnId, tipId } = this.state.turn!;
    const messageId = this.newId();
    const data = {
      turnId,
      messageId,
      parentId: tipId,
      assistantMessageId,
      toolUseId,
      toolName: 'Clock',
      input,
    };
    this.append({ type: 'ToolCallStarted', data });
    return messageId;
  }

  succeed(toolUseId: string, messageId: string, assistantMessageId: string, result: string): this {
    const { turnId } = this.state.turn!;
    return this.append({
      type: 'ToolCallSucceeded',
      data: { turnId, messageId, assistantMessageId, toolUseId, result },
    });
  }

  fail(toolUseId: string, messageId: string | null, assistantMessageId: string, error: string): this {
    const { turnId } = this.state.turn!;
    const data = { turnId, messageId, assistantMessageId, toolUseId, code: 'tool_failed', error };
    return this.append({ type: 'ToolCallFailed', data });
  }

  end(): this {
    const { turnId, step } = this.state.turn!;
    return this.append({ type: 'TurnCompleted', data: { turnId, stopReason: 'end_turn', steps: step } });
  }
}
