import { Injectable } from '@nestjs/common';
import type { ConversationAt, ExportFormat, Message } from '#contracts';
import type { Principal } from '#conversations';
import { EventLog } from '#event-log';
import { ExportReads } from '#projections';
import { readBounded } from '../log/bounded-events.js';
import { WholeResults } from '../messages/whole-results.service.js';
import { documentHead, messageText, partHead } from './markdown.js';

/** What is held of the log at once. */
const PIECE_BYTES = 1024 * 1024;
const MOST_EVENTS = 1_000;

/** The text of an export, in pieces. The same log up to the same seq gives the same bytes, whenever and wherever it is asked. */
@Injectable()
export class ExportTexts {
  constructor(
    private readonly log: EventLog,
    private readonly reads: ExportReads,
    private readonly whole: WholeResults,
  ) {}

  of(format: ExportFormat, principal: Principal, state: ConversationAt): AsyncGenerator<string> {
    switch (format) {
      case 'markdown':
        return this.markdown(principal, state);
      case 'json':
        return this.json(principal, state);
      case 'ndjson':
        return this.events(state);
      default:
        return format satisfies never;
    }
  }

  /** For people: every branch, in the order in which they were begun. */
  private async *markdown(principal: Principal, state: ConversationAt): AsyncGenerator<string> {
    const { id } = state.conversation;
    yield documentHead(state);
    let isFirst = true;
    for await (const part of this.reads.parts(principal, id, state.seq)) {
      yield partHead(part, isFirst);
      isFirst = false;
      for await (const message of this.messages(principal, state, part.segment)) yield messageText(message);
    }
  }

  /** The state, with the messages of all branches: `parentId` makes the tree, `conversation.leafId` is what was selected. */
  private async *json(principal: Principal, state: ConversationAt): AsyncGenerator<string> {
    const { conversation, messages: _messages, halfWritten: _halfWritten, ...rest } = state;
    const { epoch: _epoch, ...lasting } = conversation;
    const head = JSON.stringify({ conversation: lasting, ...rest });
    yield `${head.slice(0, -1)},"messages":[`;
    let separator = '\n';
    for await (const { segment } of this.reads.parts(principal, lasting.id, state.seq)) {
      for await (const message of this.messages(principal, state, segment)) {
        yield `${separator}${JSON.stringify(message)}`;
        separator = ',\n';
      }
    }
    yield '\n]}\n';
  }

  /** Large tool results are whole, as where one message is read: one of them is held at a time. */
  private async *messages(
    principal: Principal,
    { conversation, seq }: ConversationAt,
    segment: number,
  ): AsyncGenerator<Message> {
    for await (const message of this.reads.messages(principal, conversation.id, seq, segment))
      yield await this.whole.in(principal, message);
  }

  /** The log itself, an event a line, as in `events`: nothing is left out, and everything can be made of it again. */
  private async *events({ conversation, seq }: ConversationAt): AsyncGenerator<string> {
    let [after, more] = [0, true];
    while (more) {
      const range = { after, upTo: seq, limit: MOST_EVENTS };
      const page = await readBounded(this.log, conversation.id, range, PIECE_BYTES);
      for (const { json } of page.lines) yield `${json}\n`;
      after = page.lines.at(-1)?.seq ?? seq;
      ({ more } = page);
    }
  }
}
