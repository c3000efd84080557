import { TurnRunner } from '#assistant';
import { CancelTurn, type CommandContext, ConversationRepository } from '#conversations';
import { EventLog } from '#event-log';
import { collectFacts, currentVersions, decide, deriveId, newId, type MessageFact } from '#model';
import { CommandBus } from '@nestjs/cqrs';
import type { Session } from '../../session/session.js';
import type { DemoTurn } from './demo-plot.js';

/** Deltas on their way are committed by then. */
const SETTLE_MS = 400;

/** Where a turn's question is put: nothing: after the newest answer. */
export type TurnPlace = { conversationId: string; parentId?: string | null };

/**
 * Asks for turns and runs them here, at once: no job tells the workers of a running service, whose model would answer something
 * else. A turn that was asked for before is only run to its end.
 */
export class DemoTurns {
  private readonly log: EventLog;
  private readonly conversations: ConversationRepository;
  private readonly stalled = new Map<string, () => void>();

  constructor(private readonly session: Session) {
    this.log = session.get(EventLog);
    this.conversations = session.get(ConversationRepository);
  }

  /** The model has said all it will say to this prompt, whose turn somebody stops. */
  readonly onStall = (prompt: string): void => this.stalled.get(prompt)?.();

  /** Resolves when the turn has ended. Gives the parent of its question: to ask something else instead. */
  async run(turn: DemoTurn, place: TurnPlace, context: CommandContext): Promise<{ parentId: string | null }> {
    const { conversationId } = place;
    const commandId = context.commandId!;
    const [turnId, messageId] = ['turn', 'message'].map((what) =>
      deriveId(conversationId, `${commandId} ${what}`),
    );
    await this.request(turn, place, context, { turnId: turnId!, messageId: messageId! });
    const reached = new Promise<void>((resolve) => this.stalled.set(turn.prompt, resolve));
    const running = this.session.get(TurnRunner).run(conversationId, turnId);
    if (turn.stopped) await Promise.race([reached, running]);
    if (turn.stopped) await this.stop(turnId!, { ...context, commandId: `${commandId} stop` });
    await running;
    return { parentId: await this.parentOf(conversationId, messageId!) };
  }

  private async request(
    { prompt }: DemoTurn,
    { conversationId, parentId }: TurnPlace,
    { principal, commandId, bodySha256 }: CommandContext,
    ids: { turnId: string; messageId: string },
  ): Promise<void> {
    const { tenantId, userId } = principal;
    const key = { tenantId, principal: userId, commandId: commandId! };
    if (await this.log.findCommand(key)) return;
    const loaded = await this.conversations.load(conversationId);
    if (!loaded) throw new Error(`there is no conversation ${conversationId}`);
    const command = { type: 'requestTurn' as const, ...ids, prompt, parentId };
    const facts = await collectFacts(loaded.state, command, (wanted) => this.facts(conversationId, wanted));
    const { events, entities, result, status } = decide(loaded.state, command, facts);
    const { seq } = loaded.state;
    await this.log.append({
      appends: [
        {
          streamId: conversationId,
          tenantId,
          expectedSeq: seq,
          events: events.map(({ type, data, metadata }) => ({
            eventId: newId(),
            type,
            schemaVersion: currentVersions[type],
            data,
            metadata: { userId, ...metadata },
          })),
        },
      ],
      entities: entities.map(({ id, index }) => ({ id, streamId: conversationId, seq: seq + 1 + index })),
      openTurn: { streamId: conversationId, turnId: ids.turnId },
      command: {
        ...key,
        bodySha256,
        streamId: conversationId,
        result: { ...result, status, conversationId, turnId: ids.turnId },
      },
    });
  }

  private async stop(turnId: string, context: CommandContext): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const found = await this.log.entity(turnId);
    const open = found && (await this.log.turnRow(found.streamId));
    // it was stopped the last time already
    if (open?.turnId !== turnId) return;
    await this.session.get(CommandBus).execute(new CancelTurn(context, { turnId }));
  }

  private async parentOf(conversationId: string, messageId: string): Promise<string | null> {
    return (await this.facts(conversationId, [messageId]))[messageId]?.parentId ?? null;
  }

  private async facts(conversationId: string, ids: string[]): Promise<Record<string, MessageFact>> {
    const facts: Record<string, MessageFact> = {};
    for (const id of ids) {
      const found = await this.log.entity(id);
      if (!found) continue;
      const [event] = await this.log.read(conversationId, { after: found.seq - 1, limit: 1 });
      const data = event?.data as {
        messageId?: string;
        parentId?: string | null;
        role?: MessageFact['role'];
      };
      if (data?.messageId !== id) continue;
      facts[id] = { parentId: data.parentId ?? null, role: data.role ?? 'assistant', seq: found.seq };
    }
    return facts;
  }
}
