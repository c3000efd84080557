import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  AppendRefused,
  IdempotencyKeyReused,
  type AppendOutcome,
  type AppendUnit,
  type EventLog,
} from '#event-log';
import { commandOf, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
let logs: EventLog[];
beforeAll(async () => {
  fixture = await openEventLog();
  logs = [fixture.log, await fixture.another(), await fixture.another()];
});
afterAll(() => fixture.close());

/** The answer that a repeat of the command must equal, whichever way it came. */
function answerOf(outcome: AppendOutcome, unit: AppendUnit): unknown {
  const { result, streamId } = unit.command!;
  if (outcome.status === 'answered') return outcome.command;
  const { tenantId, principal, commandId, bodySha256 } = unit.command!;
  const [position] = outcome.positions;
  return {
    tenantId,
    principal,
    commandId,
    bodySha256,
    streamId,
    result,
    seqFrom: position!.seqFrom,
    seqTo: position!.seqTo,
  };
}

/** Sends the command 100 times at once through three processes, each time decided anew; gives the distinct answers. */
async function hundredTimes(decide: () => AppendUnit): Promise<unknown[]> {
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const unit = decide();
      return answerOf(await logs[index % logs.length]!.append(unit), unit);
    }),
  );
  return answers.filter(
    (answer, index) => answers.findIndex((other) => isDeepStrictEqual(other, answer)) === index,
  );
}

describe('one command, 100 times at once and again later', () => {
  it('that creates: one stream, one answer', async () => {
    const streamId = randomUUID();
    const command = commandOf(streamId);
    const decide = () =>
      unitOf(streamId, 0, [event('ConversationStarted')], {
        command,
        entities: [{ id: streamId, streamId, seq: 1 }],
      });
    const answers = await hundredTimes(decide);
    expect(answers).toEqual([{ ...command, seqFrom: 1, seqTo: 1 }]);
    expect(await fixture.log.head(streamId)).toBe(1);

    const { bodySha256, ...key } = command;
    for (const log of logs) expect(await log.answeredOrWait(key, bodySha256)).toEqual(answers[0]);
    await expect(fixture.log.append(decide())).resolves.toEqual({ status: 'answered', command: answers[0] });
    expect(await fixture.log.head(streamId)).toBe(1);
  });

  it('that appends: one event, one answer', async () => {
    const streamId = randomUUID();
    await fixture.log.append(unitOf(streamId, 0));
    const command = commandOf(streamId);
    expect(await hundredTimes(() => unitOf(streamId, 1, [event()], { command }))).toEqual([
      { ...command, seqFrom: 2, seqTo: 2 },
    ]);
    expect(await fixture.log.head(streamId)).toBe(2);
    // the head has moved on, and the repeat still gets its answer
    await fixture.log.append(unitOf(streamId, 2));
    await expect(fixture.log.append(unitOf(streamId, 3, [event()], { command }))).resolves.toMatchObject({
      status: 'answered',
    });
    expect(await fixture.log.head(streamId)).toBe(3);
  });

  it('that changes nothing: its row and no event', async () => {
    const streamId = randomUUID();
    await fixture.log.append(unitOf(streamId, 0));
    const command = { ...commandOf(streamId), decidedAtSeq: 1 };
    const { decidedAtSeq, ...stored } = command;
    // the first of them is `committed` without a position: the caller knows what it decided
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, i) => logs[i % 3]!.append({ appends: [], command })),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'answered')
        expect(outcome.command).toEqual({ ...stored, seqFrom: null, seqTo: decidedAtSeq });
      else expect(outcome.positions).toEqual([]);
    }
    expect(await fixture.log.head(streamId)).toBe(1);
    const [row] = await fixture.database.query(
      'select count(*)::int as n from commands where command_id = $1',
      [command.commandId],
    );
    expect(row).toEqual({ n: 1 });
  });
});

describe('a key with another body', () => {
  it('is refused in the buffer, in the log and across processes', async () => {
    const streamId = randomUUID();
    const command = commandOf(streamId);
    const other = { ...command, bodySha256: 'b'.repeat(64) };
    const settled = await Promise.allSettled([
      fixture.log.append(unitOf(streamId, 0, [event()], { command })),
      fixture.log.append(unitOf(streamId, 0, [event()], { command: other })),
      logs[1]!.append(
        unitOf(randomUUID(), 0, [event()], { command: { ...other, bodySha256: 'c'.repeat(64) } }),
      ),
    ]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of settled) {
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(IdempotencyKeyReused);
    }
    await expect(fixture.log.answeredOrWait(command, 'd'.repeat(64))).rejects.toBeInstanceOf(
      IdempotencyKeyReused,
    );
  });
});

describe('answeredOrWait', () => {
  it('waits for a command that this process is committing', async () => {
    const streamId = randomUUID();
    const command = commandOf(streamId);
    const appended = fixture.log.append(unitOf(streamId, 0, [event()], { command }));
    await expect(fixture.log.answeredOrWait(command, command.bodySha256)).resolves.toEqual({
      ...command,
      seqFrom: 1,
      seqTo: 1,
    });
    await appended;
  });

  it('knows nothing of a command whose unit was refused, and the next with its key goes on', async () => {
    const streamId = randomUUID();
    const command = commandOf(streamId);
    const bad = unitOf(streamId, 0, [{ ...event(), type: 'with \0' }], { command });
    const next = { ...unitOf(streamId, 0, [event()], { command }) };
    const [refused, went] = await Promise.allSettled([fixture.log.append(bad), fixture.log.append(next)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(AppendRefused) });
    expect(went).toMatchObject({ status: 'fulfilled', value: { status: 'committed' } });
  });
});
