import { CommandBus, type Command } from '@nestjs/cqrs';
import { PostMessage, StartConversation, type CommandAnswer } from '#conversations';
import type { EventLog } from '#event-log';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { contextOf, startServiceProcess, type ServiceProcess } from './service-process.js';

/** The commands of one process on a database of the calling test file, from before its tests until after them. */
export function useCommandBus() {
  let database: TestDatabase;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    service = await startServiceProcess(database.url);
  });
  afterAll(async () => {
    await service?.close();
    await database?.drop();
  });

  const log = (): EventLog => service.log;
  const send = (command: Command<CommandAnswer>): Promise<CommandAnswer> =>
    service.app.get(CommandBus).execute(command);
  const start = async (title?: string) =>
    (await send(new StartConversation(contextOf(), { title }))).streamId;
  const post = async (conversationId: string, more: Partial<PostMessage['input']> = {}) =>
    (await send(new PostMessage(contextOf(), { conversationId, role: 'user', content: 'hello', ...more })))
      .result.id!;
  const types = async (streamId: string) => (await log().read(streamId)).map(({ type }) => type);

  /** The refusal, and proof that it left the log as it was. */
  async function refused(streamId: string, command: Command<CommandAnswer>) {
    const before = await log().read(streamId);
    const error = (await send(command).then(
      () => new Error('it was not refused'),
      (reason: unknown) => reason,
    )) as Error & { code?: string; status?: number; details?: unknown };
    expect(await log().read(streamId)).toEqual(before);
    return { code: error.code ?? error.message, status: error.status, details: error.details };
  }

  return { log, send, start, post, types, refused };
}
