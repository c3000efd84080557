import { setTimeout as sleep } from 'node:timers/promises';
import { CommandBus } from '@nestjs/cqrs';
import { CancelTurn, RequestTurn, StartConversation, TurnSettler } from '#conversations';
import { WrongExpectedVersion } from '#event-log';
import { event } from '../../support/event-log.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { contextOf, startServiceProcess, type ServiceProcess } from '../../support/service-process.js';

const turnStartTimeoutMs = 300;
let database: TestDatabase;
let one: ServiceProcess;
let two: ServiceProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const start = () => startServiceProcess(database.url, { turnStartTimeoutMs });
  [one, two] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await database?.drop();
});

const settle = (streamId: string, where = one) => where.app.get(TurnSettler).settleIfExpired(streamId);
const owner = 'a worker';

async function requestedTurn() {
  const bus = one.app.get(CommandBus);
  const { streamId } = await bus.execute(new StartConversation(contextOf(), {}));
  const { result } = await bus.execute(
    new RequestTurn(contextOf(), { conversationId: streamId, prompt: 'go' }),
  );
  return { streamId, turnId: result.turnId! };
}

async function startedTurn(leaseMs: number) {
  const turn = await requestedTurn();
  await one.log.claimTurn({ ...turn, owner, leaseMs });
  const started = event('TurnStarted', { turnId: turn.turnId, owner }, { turnId: turn.turnId });
  await one.log.append({
    appends: [{ streamId: turn.streamId, tenantId: 'acme', expectedSeq: 3, events: [started] }],
  });
  return turn;
}

const last = async (streamId: string) =>
  (await one.log.read(streamId, { direction: 'backward', limit: 1 }))[0]!;

test('a started turn whose lease runs is left alone', async () => {
  const { streamId } = await startedTurn(60_000);
  expect(await settle(streamId)).toBe(false);
  expect((await last(streamId)).type).toBe('TurnStarted');
});

test('a started turn whose lease has run out is interrupted, once, whoever finds it', async () => {
  const { streamId, turnId } = await startedTurn(1);
  await sleep(20);
  const settled = await Promise.all(
    Array.from({ length: 20 }, (_, n) => settle(streamId, n % 2 ? one : two)),
  );
  expect(settled.filter(Boolean)).toHaveLength(1);
  const end = await last(streamId);
  expect([end.seq, end.type, end.data]).toEqual([5, 'TurnInterrupted', { turnId, reason: 'lease_expired' }]);
  expect(end.metadata).toEqual({ turnId });
  expect(await one.log.turnRow(streamId)).toBeNull();
  expect(await settle(streamId)).toBe(false);
  // Its runner comes back: the log is the fence.
  const late = { streamId, tenantId: 'acme', expectedSeq: 4, events: [event('TurnCompleted', { turnId })] };
  await expect(one.log.append({ appends: [late] })).rejects.toBeInstanceOf(WrongExpectedVersion);
});

test('a turn that nobody started fails after its time, not before, and not while someone holds its lease', async () => {
  const [early, late, claimed] = [await requestedTurn(), await requestedTurn(), await requestedTurn()];
  expect(await settle(early.streamId)).toBe(false);
  await one.log.claimTurn({ ...claimed, owner, leaseMs: 60_000 });
  await sleep(turnStartTimeoutMs + 50);
  expect(await settle(late.streamId)).toBe(true);
  expect(await last(late.streamId)).toMatchObject({
    type: 'TurnFailed',
    data: { turnId: late.turnId, code: 'not_started' },
  });
  expect(await settle(claimed.streamId)).toBe(false);
});

test('a turn that has ended, and a conversation without one, have nothing to settle', async () => {
  const { streamId, turnId } = await startedTurn(1);
  await one.app.get(CommandBus).execute(new CancelTurn(contextOf(), { turnId }));
  await sleep(20);
  expect(await settle(streamId)).toBe(false);
  expect(await settle('019aa000-0000-7000-8000-00000000dead')).toBe(false);
});

test('a settle that fails never fails a read', async () => {
  const three = await startServiceProcess(database.url);
  const { streamId } = await startedTurn(1);
  await sleep(20);
  jest.spyOn(three.log, 'turnRow').mockRejectedValue(new Error('the log is away'));
  expect(await settle(streamId, three)).toBe(false);
  await three.close();
});
