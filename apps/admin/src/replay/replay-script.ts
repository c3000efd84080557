import {
  deltaEventType,
  evolve,
  initialState,
  type ConversationState,
  type LoggedEvent,
  type MessageState,
} from '#model';
import type { ReplayStep } from './replay-step.js';
import { oneLine, toolLine } from './tool-line.js';

const speakers = { user: 'You', assistant: 'Claude', system: 'System', tool: 'Tool' };

/**
 * What each event of a conversation, in order, adds to the screen: the fold is the model's, so what is shown is what was. An event
 * that cannot be read is shown as such.
 */
export class ReplayScript {
  private state: ConversationState;
  /** The row whose text the screen is in. */
  private current: string | null = null;
  private streamed = false;

  constructor(conversationId: string) {
    this.state = initialState(conversationId);
  }

  take(event: LoggedEvent): ReplayStep[] {
    const markers = this.state.markers.length;
    const before = { title: this.state.title, leafId: this.state.leafId };
    this.state = evolve(this.state, event);
    const unread = this.state.markers[markers];
    if (unread) return [this.step(event, 'quiet', `(${unread.type} cannot be shown: ${unread.problem})`)];
    return event.type === deltaEventType ? this.delta(event) : this.happening(event, before);
  }

  private happening(event: LoggedEvent, before: Pick<ConversationState, 'title' | 'leafId'>): ReplayStep[] {
    const data = event.data as Record<string, string | undefined>;
    const quiet = (text: string): ReplayStep[] => [this.step(event, 'quiet', text)];
    const message = data.messageId === undefined ? undefined : this.state.messages[data.messageId];
    switch (event.type) {
      case 'ConversationStarted':
        return quiet(`# ${this.state.title ?? 'A conversation'}`);
      case 'ConversationRenamed':
        return this.state.title === before.title ? [] : quiet(`# ${this.state.title}`);
      case 'ConversationForked':
        return quiet('· here a fork goes its own way');
      case 'BranchSelected':
        // that a question of another branch is the one that is selected goes without saying
        return this.current === data.leafId ? [] : quiet(`· goes on after ${this.quoted(data.leafId)}`);
      case 'MessagePosted':
        if (!message) return [];
        return [
          ...(message.parentId === before.leafId ? [] : quiet('· in another branch')),
          ...this.posted(event, message),
        ];
      case 'MessageChunkAppended':
        return message ? [...this.heading(event, message), this.step(event, 'text', data.chunk ?? '')] : [];
      case 'MessageEdited':
        return quiet(`· changes ${this.quoted(data.messageId)}`);
      case 'MessageRemoved':
        return quiet(`· removes ${this.quoted(data.messageId)}`);
      case 'AssistantMessageStarted':
        this.streamed = false;
        return message ? this.heading(event, message) : [];
      case 'AssistantMessageCompleted':
        return message && !this.streamed ? [this.step(event, 'text', message.content)] : [];
      case 'ToolCallStarted':
        return quiet(`· ${toolLine(data.toolName ?? null, data.input)}`);
      case 'ToolCallSucceeded':
        return quiet(`  ${oneLine(textOf((event.data as { result: unknown }).result))}`);
      case 'ToolCallFailed':
        return quiet(`  failed: ${oneLine(data.error ?? '')}`);
      case 'TurnCancelled':
        return quiet('— stopped');
      case 'TurnFailed':
        return quiet(`— failed: ${oneLine(data.message ?? '')}`);
      case 'TurnInterrupted':
        return quiet(`— interrupted: ${data.reason}`);
      default:
        return [];
    }
  }

  private delta(event: LoggedEvent): ReplayStep[] {
    const { delta } = event.data as { delta?: { type?: string; text?: string; thinking?: string } };
    if (delta?.type === 'text_delta') {
      this.streamed = true;
      return [this.step(event, 'text', delta.text ?? '')];
    }
    return delta?.type === 'thinking_delta' ? [this.step(event, 'thinking', delta.thinking ?? '')] : [];
  }

  private posted(event: LoggedEvent, message: MessageState): ReplayStep[] {
    if (message.role === 'tool')
      return [this.step(event, 'quiet', `· ${toolLine(message.toolName, message.toolCall)}`)];
    return [...this.heading(event, message), this.step(event, 'text', message.content)];
  }

  /** Nothing where the screen is in this row already. */
  private heading(event: LoggedEvent, { id, role }: MessageState): ReplayStep[] {
    if (this.current === id) return [];
    this.current = id;
    return [this.step(event, 'heading', speakers[role])];
  }

  private quoted(id: string | undefined): string {
    const message = id === undefined ? undefined : this.state.messages[id];
    return message ? `“${oneLine(message.content, 50)}”` : 'a message';
  }

  private step({ seq, at }: LoggedEvent, kind: ReplayStep['kind'], text: string): ReplayStep {
    return { seq, at, kind, text };
  }
}

function textOf(result: unknown): string {
  return typeof result === 'string' ? result : JSON.stringify(result ?? null);
}
