import type { ConversationAt, Message } from '#contracts';
import { outcomeOf } from '../../../apps/web/src/chat/message-outcome.js';
import { isShown } from '../../../apps/web/src/chat/rows.js';
import { toolSummary } from '../../../apps/web/src/tools/tool-summary.js';
import { words } from '../../../apps/web/src/words/words.js';
import type { ApiClient } from '../../support/api-client.js';
import type { Shown, ShownRow } from './shown-chat.js';

/** Letters, digits and pictures: what Markdown leaves of a text, whatever it makes of the rest. */
const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, '');

function textOf(message: Message): string {
  if (message.role !== 'tool') return message.content;
  const { verb, subject = '', added = 0, removed = 0 } = toolSummary(message);
  const failed = message.streamingStatus === 'error' ? words.tools.failed : '';
  return `${verb}${subject}${added || ''}${removed || ''}${failed}`;
}

const rowOf = (message: Message): ShownRow => ({
  id: message.id,
  role: message.role,
  status: outcomeOf(message).status,
  text: letters(textOf(message)),
});

/** What the server says that a conversation was after an event, against what a page showed then. */
export class LogOracle {
  private readonly states = new Map<number, Promise<ShownRow[]>>();

  constructor(
    private readonly api: ApiClient,
    readonly conversationId: string,
  ) {}

  /** The last event that is committed. */
  async head(): Promise<number> {
    const { json } = await this.api.get(`/api/conversations/${this.conversationId}`);
    return (json as { seq: number }).seq;
  }

  async isRunning(): Promise<boolean> {
    const { json } = await this.api.get(`/api/conversations/${this.conversationId}`);
    return (json as { turn?: object }).turn !== undefined;
  }

  /**
   * What is wrong with what a page showed, or null. Its rows must be, to the letter, a part without gaps of those of the
   * state after the event that it claims; `toTheEnd`: also the last ones.
   */
  async problemOf({ seq, rows }: Shown, toTheEnd = false): Promise<string | null> {
    const expected = await this.rowsAt(seq);
    const shown = rows.map((row) => ({ ...row, text: letters(row.text) }));
    const start = expected.findIndex(({ id }) => id === shown[0]?.id);
    if (start < 0)
      return shown.length === 0 && !toTheEnd
        ? null
        : `at ${seq}: ${shown[0]?.id ?? 'nothing'} is shown first`;
    const part = expected.slice(start, toTheEnd ? undefined : start + shown.length);
    for (const [index, row] of part.entries()) {
      const [is, should] = [JSON.stringify(shown[index]), JSON.stringify(row)];
      if (is !== should)
        return `at ${seq}, row ${start + index} of ${expected.length}:\n${is}\nis not\n${should}`;
    }
    return shown.length === part.length ? null : `at ${seq}: ${shown.length - part.length} rows too many`;
  }

  private rowsAt(seq: number): Promise<ShownRow[]> {
    const known = this.states.get(seq) ?? this.read(seq);
    this.states.set(seq, known);
    return known;
  }

  private async read(seq: number): Promise<ShownRow[]> {
    const path = `/api/conversations/${this.conversationId}/state?at=${seq}&limit=1000`;
    const { status, json, text } = await this.api.get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return (json as ConversationAt).messages.filter(isShown).map(rowOf);
  }
}
