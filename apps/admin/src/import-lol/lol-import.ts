import type { Principal } from '#conversations';
import { AppendRefused, EventLog, type NewEvent, type RecordedEvent, WrongExpectedVersion } from '#event-log';
import { currentVersions, deriveId, DomainRefusal } from '#model';
import type { Session } from '../session/session.js';
import { planConversation, type PlannedEvent } from './conversation-plan.js';
import { conversationOf, type LolMessage, type LolRow, messageOf, RowRefused } from './lol-rows.js';
import { LolProjects } from './lol-projects.js';
import type { LolSource, LolTable } from './lol-source.js';

/** A row that was not taken, or was left as it is, and why. */
export type LeftRow = { table: LolTable; id: string; reason: string };
export type LolCounts = {
  projects: number;
  conversations: number;
  messages: number;
  changed: number;
  unchanged: number;
};
export type LolReport = LolCounts & { left: LeftRow[] };

export type LolImportOptions = {
  principal: Principal;
  /** Look and count, and append nothing. */
  dryRun: boolean;
  signal?: AbortSignal;
  /** Rows of projects and conversations that were looked at. */
  onProgress: (rows: number) => void;
};

const PAGE = 1_000;
/** Events of a unit: a long conversation comes in several. */
const UNIT_EVENTS = 500;
const MOST_ORPHANS = 1_000;

/**
 * Takes the LOL app's projects, conversations and messages into the log, under their ids. Repeating it adds what came since and
 * nothing else. A row that cannot be taken is told with the reason, and does not stop the others.
 */
export class LolImport {
  private readonly log: EventLog;
  private readonly projects: LolProjects;
  private readonly report: LolReport = {
    projects: 0,
    conversations: 0,
    messages: 0,
    changed: 0,
    unchanged: 0,
    left: [],
  };

  constructor(
    session: Session,
    private readonly source: LolSource,
    private readonly options: LolImportOptions,
  ) {
    this.log = session.get(EventLog);
    this.projects = new LolProjects(session, options);
  }

  /** @throws LogUnavailable; the source's error; the signal's reason */
  async run(): Promise<LolReport> {
    const { signal, onProgress } = this.options;
    let rows = 0;
    for (const [table, take] of [
      ['projects', (row: LolRow) => this.project(row)],
      ['conversations', (row: LolRow) => this.conversation(row)],
    ] as const) {
      for await (const row of this.source.all(table)) {
        signal?.throwIfAborted();
        await this.orLeft(table, row, () => take(row));
        onProgress((rows += 1));
      }
    }
    for (const { id } of await this.source.orphans(MOST_ORPHANS))
      this.leave('messages', id, 'its conversation is not there');
    return this.report;
  }

  private async project(row: LolRow): Promise<void> {
    const outcome = await this.projects.take(row);
    if (outcome === 'added') this.report.projects += 1;
    else if (outcome === 'unchanged') this.report.unchanged += 1;
    else this.leave('projects', row.id, outcome.reason);
  }

  private async conversation(row: LolRow): Promise<void> {
    const conversation = conversationOf(row);
    const { id, projectId } = conversation;
    const head = await this.log.head(id);
    const existing = head === 0 ? [] : await this.events(id, head);
    const place = projectId === null ? {} : await this.projects.place(projectId);
    if (projectId !== null && existing.length === 0 && !place)
      this.leave('conversations', id, `its project ${projectId} is not there: it is taken without it`);
    const messages = await this.messages(row);
    const plan = planConversation(existing, conversation, messages, place ?? {});
    if (!this.options.dryRun) await this.append(id, head, plan.events);
    this.report.conversations += existing.length === 0 ? 1 : 0;
    this.report.messages += plan.added;
    this.report.changed += plan.changed;
    this.report.unchanged += plan.events.length === 0 && plan.skipped.length === 0 ? 1 : 0;
    for (const { id: left, reason } of plan.skipped)
      this.leave(left === id ? 'conversations' : 'messages', left, reason);
  }

  private async messages({ id }: LolRow): Promise<LolMessage[]> {
    const taken: LolMessage[] = [];
    for (const row of await this.source.messages(id))
      await this.orLeft('messages', row, async () => void taken.push(messageOf(row)));
    return taken;
  }

  /** What an import has made, or somebody changed since: no delta tells of either. */
  private async events(streamId: string, upTo: number): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let after = 0; ; after = events.at(-1)!.seq) {
      const page = await this.log.read(streamId, { after, upTo, withoutDeltas: true, limit: PAGE });
      events.push(...page);
      if (page.length < PAGE) return events;
    }
  }

  private async append(streamId: string, head: number, planned: readonly PlannedEvent[]): Promise<void> {
    const { tenantId, userId } = this.options.principal;
    for (let done = 0; done < planned.length; done += UNIT_EVENTS) {
      const part = planned.slice(done, done + UNIT_EVENTS);
      const expectedSeq = head + done;
      const create =
        expectedSeq === 0 ? { tenantId, ownerId: userId, kind: 'conversation' as const } : undefined;
      await this.log.append({
        appends: [
          {
            streamId,
            tenantId,
            expectedSeq,
            create,
            events: part.map((one) => newEvent(streamId, userId, one)),
          },
        ],
        entities: part.flatMap(({ messageId }, index) =>
          messageId === undefined ? [] : [{ id: messageId, streamId, seq: expectedSeq + 1 + index }],
        ),
      });
    }
  }

  private leave(table: LolTable, id: unknown, reason: string): void {
    this.report.left.push({ table, id: String(id), reason });
  }

  private async orLeft(table: LolTable, row: LolRow, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isRows =
        error instanceof RowRefused ||
        error instanceof DomainRefusal ||
        error instanceof AppendRefused ||
        error instanceof WrongExpectedVersion;
      if (!isRows) throw error;
      this.leave(table, row.id, error.message);
    }
  }
}

/** The same row in the same state has the same event id, whoever imports it. */
function newEvent(streamId: string, userId: string, { event, mark }: PlannedEvent): NewEvent {
  const { messageId = '' } = event.data as { messageId?: string };
  return {
    eventId: deriveId(streamId, `lol ${event.type} ${messageId} ${mark.sha256}`),
    type: event.type,
    schemaVersion: currentVersions[event.type],
    data: event.data,
    metadata: { userId, ...mark },
  };
}
