import { startScriptedModel, type Script, type ScriptedModel } from '#assistant';
import type { CommandContext } from '#conversations';
import type { RecordedEvent } from '#event-log';
import { foldEvents, newId, type ConversationCommand, type ConversationState } from '#model';
import { expectSoundHistory } from './history-checker.js';
import { createTestDatabase } from './postgres.js';
import { openTurnProcess, type ProcessOptions, type TurnProcess } from './turn-process.js';

export type TurnBench = TurnProcess & {
  /** Of its database. */
  url: string;
  model: ScriptedModel;
  /** The script of the next requests. */
  use(script: Script): void;
  /** Another process on the same database and model. */
  another(options?: ProcessOptions): Promise<TurnProcess>;
  /** A new conversation. */
  conversation(): Promise<string>;
  command(streamId: string, command: ConversationCommand, process?: TurnProcess): Promise<void>;
  /** Requests a turn, which nobody runs yet; the result is its id. */
  ask(streamId: string, prompt: string, model?: string): Promise<string>;
  events(streamId: string): Promise<RecordedEvent[]>;
  state(streamId: string): Promise<ConversationState>;
  /** The whole log of the conversation, checked: gapless, exactly one terminal event a turn. */
  soundEvents(streamId: string): Promise<RecordedEvent[]>;
};

const context: CommandContext = {
  principal: { tenantId: 'tenant', userId: 'user', scopes: ['*'] },
  bodySha256: '0'.repeat(64),
};

const hang: Script = () => ({ kind: 'hang' });

/** A fresh database, a scripted model without speed limit, and one process that runs turns when told to. */
export async function openTurnBench(options: ProcessOptions = {}): Promise<TurnBench> {
  const database = await createTestDatabase();
  let script: Script = hang;
  const model = await startScriptedModel({
    speed: 0,
    remember: 1000,
    script: (request, call) => script(request, call),
  });
  const processes: TurnProcess[] = [];
  const another = async (more: ProcessOptions = {}): Promise<TurnProcess> => {
    const config = { ...options.config, ...more.config };
    const process = await openTurnProcess(database.url, model.url, { ...options, ...more, config });
    processes.push(process);
    return process;
  };
  const own = await another();
  const events = async (streamId: string): Promise<RecordedEvent[]> => {
    const all: RecordedEvent[] = [];
    for (;;) {
      const page = await own.log.read(streamId, { after: all.length });
      all.push(...page);
      if (page.length < 1000) return all;
    }
  };
  const command = async (streamId: string, command: ConversationCommand, process = own): Promise<void> => {
    await process.executor.execute(context, streamId, command);
  };
  return {
    ...own,
    url: database.url,
    model,
    use: (next) => (script = next),
    another,
    conversation: async () => {
      const conversationId = newId();
      await own.executor.create(context, conversationId, { type: 'startConversation', conversationId });
      return conversationId;
    },
    command,
    ask: async (streamId, prompt, modelName) => {
      const turnId = newId();
      await command(streamId, { type: 'requestTurn', turnId, messageId: newId(), prompt, model: modelName });
      return turnId;
    },
    events,
    state: async (streamId) => foldEvents(streamId, await events(streamId)),
    soundEvents: async (streamId) => {
      const log = await events(streamId);
      expectSoundHistory({ streamId, log });
      return log;
    },
    close: async () => {
      await model.close();
      for (const process of processes) await process.close();
      await database.drop();
    },
  };
}
